import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../../infra/aws/bundleAsDeployed.ts';

/** Packages that speak to a server. */
const clients = /^(@eventstore\/db-client|amqplib|@aws-sdk\/.*|stripe)$/;

/** Our own files that a function loads when it starts: those that it imports, and not those that it imports later. */
function ownFiles({ inputs }: Metafile, entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry) || entry.startsWith('node_modules/')) return seen;
  seen.add(entry);
  for (const { path, kind } of inputs[entry]?.imports ?? [])
    if (kind === 'import-statement') ownFiles({ inputs, outputs: {} }, path, seen);
  return seen;
}

/** What a file imports from packages, as statements, and the names to hold on to so that nothing of it falls away. */
function toImports(
  text: string,
  isWanted: (name: string) => boolean,
): readonly { statement: string; keeps: readonly string[] }[] {
  return [...text.matchAll(/^import (?!type )([^;]*?) from '([^.'][^']*)';/gm)].flatMap(([, what = '', from = '']) => {
    if (from.startsWith('node:') || !isWanted(from)) return [];
    const [, namespace] = /^\* as (\w+)$/.exec(what) ?? [];
    if (namespace !== undefined) {
      // A whole namespace would keep what the function's own bundle sheds.
      const members = new Set(
        [...text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, 'g'))].map(([, member = '']) => member),
      );
      return [
        {
          statement: `import * as ${namespace} from '${from}';`,
          keeps: [...members].filter((it) => !/^[A-Z]/.test(it)).map((it) => `${namespace}.${it}`),
        },
      ];
    }
    const names = what
      .replaceAll(/[{}\n]/g, ' ')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
    return names.length === 0
      ? []
      : [
          {
            statement: `import ${what} from '${from}';`,
            keeps: names.map((name) => name.split(' as ').at(-1) ?? name),
          },
        ];
  });
}

/**
 * Writes, for a function, a program that imports what the function's files import from packages, by the same names, and
 * does nothing else. `clients`: from clients of servers alone.
 *
 * @returns its path from the root, or undefined when there is nothing to import
 */
export function writeLibraries(
  metafile: Metafile,
  entry: string,
  which: 'all' | 'clients',
  folder: string,
): string | undefined {
  const imports = [...ownFiles(metafile, entry)]
    .filter((path) => existsSync(join(root, path)) && path.endsWith('.ts'))
    .flatMap((path, file) =>
      toImports(readFileSync(join(root, path), 'utf8'), (name) => which === 'all' || clients.test(name)).map(
        ({ statement, keeps }, n) => {
          // The same name may come from two files: each statement is put into a module of its own.
          const module = `${folder}/${entry.replaceAll('/', '-')}-${which}-${file}-${n}.ts`;
          mkdirSync(dirname(join(root, module)), { recursive: true });
          writeFileSync(
            join(root, module),
            `${statement}\nglobalThis.kept = [globalThis.kept, ${keeps.join(', ')}];\n`,
          );
          return `import './${module.split('/').at(-1)}';`;
        },
      ),
    );
  if (imports.length === 0) return undefined;
  const path = `${folder}/${entry.replaceAll('/', '-')}-${which}.ts`;
  writeFileSync(join(root, path), `${imports.join('\n')}\n`);
  return path;
}

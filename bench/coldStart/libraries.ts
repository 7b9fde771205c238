import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../../infra/aws/bundleAsDeployed.ts';

/** Packages that speak to a server. */
const clients = /^(@eventstore\/db-client|amqplib|@aws-sdk\/.*|stripe)$/;

/** Our own files that a function loads when it starts; those that it loads later, if at all, go into `later`. */
function ownFiles(
  { inputs }: Pick<Metafile, 'inputs'>,
  entry: string,
  later: Set<string>,
  seen = new Set<string>(),
): ReadonlySet<string> {
  if (seen.has(entry) || entry.startsWith('node_modules/')) return seen;
  seen.add(entry);
  for (const { path, kind } of inputs[entry]?.imports ?? []) {
    if (kind === 'import-statement') ownFiles({ inputs }, path, later, seen);
    if (kind === 'dynamic-import') later.add(path);
  }
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

/** A module for each import, since the same name may come from two files; each is returned as `./<name>.ts`. */
function writeModules(
  files: ReadonlySet<string>,
  isWanted: (name: string) => boolean,
  folder: string,
  prefix: string,
): readonly string[] {
  return [...files]
    .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)))
    .flatMap((path, file) =>
      toImports(readFileSync(join(root, path), 'utf8'), isWanted).map(({ statement, keeps }, n) => {
        const module = `${prefix}-${file}-${n}.ts`;
        const text = `${statement}\nglobalThis.kept = [globalThis.kept, ${keeps.join(', ')}];\n`;
        writeFileSync(join(root, folder, module), text);
        return `./${module}`;
      }),
    );
}

/**
 * Writes, for a function, a program that imports what the function's files import from packages, by the same names, and
 * does nothing else. What the function loads later, if at all, is in the program's bundle as well and is not loaded.
 * `clients`: from clients of servers alone.
 *
 * @returns its path from the root, or undefined when there is nothing to import
 */
export function writeLibraries(
  metafile: Metafile,
  entry: string,
  which: 'all' | 'clients',
  folder: string,
): string | undefined {
  const isWanted = (name: string): boolean => which === 'all' || clients.test(name);
  const prefix = `${entry.replaceAll('/', '-')}-${which}`;
  const later = new Set<string>();
  const now = ownFiles(metafile, entry, later);
  mkdirSync(join(root, folder), { recursive: true });
  const imports = writeModules(now, isWanted, folder, prefix).map((path) => `import '${path}';`);
  if (imports.length === 0) return undefined;
  const lazily = writeModules(later, isWanted, folder, `${prefix}-later`).map((path) => `() => import('${path}')`);
  const text = [...imports, `globalThis.later = [${lazily.join(', ')}];`, ''].join('\n');
  writeFileSync(join(root, `${folder}/${prefix}.ts`), text);
  return `${folder}/${prefix}.ts`;
}

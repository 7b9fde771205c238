import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { deployedOptions, root } from '../../infra/aws/bundleAsDeployed.ts';

/** Packages that speak to a server. */
const clients = /^(@eventstore\/db-client|amqplib|@aws-sdk\/.*|stripe)$/;
const anything = /./;

interface Chunk {
  /** What it is made of, without its packages. */
  readonly text: string;
  readonly isEntry: boolean;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

/** A function's own code, by file, with what nobody uses shaken off; a file for the entry, and for what it loads later. */
async function bundleOwn(entry: string): Promise<ReadonlyMap<string, Chunk>> {
  const { outputFiles, metafile } = await build({
    ...deployedOptions(),
    minify: false,
    sourcemap: false,
    entryPoints: [entry],
    packages: 'external',
    splitting: true,
    outdir: 'own',
    metafile: true,
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return new Map(
    Object.entries(metafile.outputs).map(([path, { entryPoint, imports }]) => {
      const text = texts.get(basename(path)) ?? '';
      return [path, { text, isEntry: entryPoint === entry, imports }];
    }),
  );
}

/** A chunk and those that are loaded with it; those that are loaded later, if at all, go into `later`. */
function loadedWith(chunks: ReadonlyMap<string, Chunk>, path: string, later: Set<string>, seen = new Set<string>()) {
  const chunk = chunks.get(path);
  if (chunk === undefined || seen.has(path)) return seen;
  seen.add(path);
  for (const { path: next, kind } of chunk.imports) {
    if (kind === 'dynamic-import') later.add(next);
    else loadedWith(chunks, next, later, seen);
  }
  return seen;
}

/** The names that an import statement gives to what is in a package; of a whole namespace, the members that are used. */
function namesOf(what: string, text: string): readonly string[] {
  const [, namespace] = /^\* as ([\w$]+)$/.exec(what) ?? [];
  if (namespace === undefined) {
    const names = what.replaceAll(/[{}\n]/g, ' ').split(',');
    return names.map((name) => name.trim().split(' as ').at(-1) ?? '').filter((name) => name !== '');
  }
  const members = text.matchAll(new RegExp(`(?<![\\w$])${namespace.replaceAll('$', '\\$')}\\.(\\w+)`, 'g'));
  return [...new Set([...members].map(([, member]) => `${namespace}.${member}`))];
}

/** What a chunk imports from packages, as statements that keep all of it. */
const toImports = ({ text }: Chunk, wanted: RegExp): readonly string[] =>
  [...text.matchAll(/^import ([^;"]+?) from "([^."][^"]*)";/gm)].flatMap(([statement, what = '', from = '']) =>
    from.startsWith('node:') || !wanted.test(from)
      ? []
      : [statement, `globalThis.kept = [globalThis.kept, ${namesOf(what, text).join(', ')}];`],
  );

/**
 * Writes, for a function, a program that imports what the function's own code uses of packages, by the same names, and does
 * nothing else. What the function loads later, if at all, is in the program's bundle as well and is not loaded.
 * `clients`: from clients of servers alone.
 *
 * @returns its path from the root, or undefined when there is nothing to import
 */
export async function writeLibraries(
  entry: string,
  which: 'all' | 'clients',
  folder: string,
): Promise<string | undefined> {
  const wanted = which === 'all' ? anything : clients;
  const name = `${entry.replaceAll('/', '-')}-${which}`;
  const chunks = await bundleOwn(entry);
  const [first = ''] = [...chunks].find(([, { isEntry }]) => isEntry) ?? [];
  const toPrograms = (paths: ReadonlySet<string>): readonly string[] =>
    [...paths].flatMap((path) => toImports(chunks.get(path) as Chunk, wanted));
  const later = new Set<string>();
  const now = toPrograms(loadedWith(chunks, first, later));
  if (now.length === 0) return undefined;
  const lazily = toPrograms(new Set([...later].flatMap((path) => [...loadedWith(chunks, path, new Set())])));
  mkdirSync(join(root, folder), { recursive: true });
  // These programs are nothing but what they do when they are loaded; of ours at the root nothing is.
  writeFileSync(join(root, folder, 'package.json'), '{ "type": "module", "sideEffects": true }');
  writeFileSync(join(root, folder, `${name}-later.ts`), [...lazily, ''].join('\n'));
  const load = `globalThis.later = () => import('./${name}-later.ts');`;
  writeFileSync(join(root, folder, `${name}.ts`), [...now, load, ''].join('\n'));
  return `${folder}/${name}.ts`;
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file of ours, taken apart as far as its form allows, which the formatter sees to. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** By the name it has here: file and name there; a package has no path. */
  readonly imports: ReadonlyMap<string, { readonly path: string; readonly name: string }>;
  /** What is declared at the top, by its name, with its text; the rest, such as a bare call, under ''. */
  readonly declarations: ReadonlyMap<string, string>;
}

const read = new Map<string, Source>();

/** @param path from the root */
export function readSource(path: string): Source {
  const known = read.get(path);
  if (known) return known;
  const text = readFileSync(join(root, path), 'utf8');
  const imports = new Map<string, { path: string; name: string }>();
  const statements = text.matchAll(/^(?:import|export) (type )?\{([^}]*)\} from '([^']+)';/gm);
  const dynamic = text.matchAll(/const (\{)([^}]*)\} = await import\('([^']+)'\)/g);
  for (const [, type, names = '', from = ''] of [...statements, ...dynamic]) {
    if (type === 'type ' || !from.startsWith('.')) continue;
    for (const part of names.split(',')) {
      const [name = '', alias = name] = part.trim().split(' as ');
      if (name !== '' && !name.startsWith('type ')) imports.set(alias, { path: join(dirname(path), from), name });
    }
  }
  const declarations = new Map<string, string>();
  let current = '';
  for (const line of text.split('\n')) {
    if (/^(import|export \{)/.test(line)) continue;
    if (/^\S/.test(line) && !/^[})\]]/.test(line)) {
      current = /^(?:export )?(?:async )?(?:const|let|function\*?|class) \{? ?(\w+)/.exec(line)?.[1] ?? '';
    }
    declarations.set(current, `${declarations.get(current) ?? ''}${line}\n`);
  }
  const source: Source = { path, text, imports, declarations };
  read.set(path, source);
  return source;
}

/** Whether a text uses a name, comments and longer names aside. */
const uses = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w'])(?<!(?:^|[^.])\\.)${name}(?![\\w':])`).test(
    text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replaceAll(/'[^'\n]*'/g, "''"),
  );

export interface Reached {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  /** By what it is used. */
  readonly by: string;
}

/** Everything that a declaration uses, near and far, each once; `isEnd` says where to look no further. */
export function reach(
  path: string,
  name: string,
  isEnd: (path: string) => boolean,
  seen = new Map<string, Reached>(),
  by = '',
): ReadonlyMap<string, Reached> {
  const source = readSource(path);
  const text = name === '*' ? [...source.declarations.values()].join('') : (source.declarations.get(name) ?? '');
  const passedOn = name === '*' ? undefined : source.imports.get(name);
  const key = `${path}#${name}`;
  if (seen.has(key)) return seen;
  seen.set(key, { path, name, text, by });
  if (isEnd(path)) return seen;
  if (text === '' && passedOn) return reach(passedOn.path, passedOn.name, isEnd, seen, by);
  for (const [local, target] of source.imports) {
    if (existsSync(join(root, target.path)) && uses(text, local)) reach(target.path, target.name, isEnd, seen, name);
  }
  for (const local of source.declarations.keys()) {
    if (local !== '' && local !== name && uses(text, local)) reach(path, local, isEnd, seen, name);
  }
  return seen;
}

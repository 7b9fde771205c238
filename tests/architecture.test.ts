import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = new URL('..', import.meta.url).pathname;
const isTest = (path: string): boolean => /\.(test|contract)\.ts$/.test(path) || path.startsWith('shared/testing/');

const sources = globSync('{functions,shared}/**/*.ts', { cwd: root })
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  .filter(({ path }) => !isTest(path));

interface Import {
  readonly from: string;
  /** A path from the root, or a package's name. */
  readonly to: string;
}

const imports: readonly Import[] = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from '([^']+)'/g), ...text.matchAll(/import\('([^']+)'\)/g)].map(
    ([, target = '']) => ({
      from: path,
      to: target.startsWith('.') ? join(dirname(path), target) : target,
    }),
  ),
);

/** Rooms of shared/, each importing only from itself and from those before it. */
const rooms = [
  'kernel',
  'observe',
  'config',
  'personal',
  'domain',
  'store',
  'broker',
  'relay',
  'effects',
  'readModels',
  'http',
];
const roomOf = (path: string): string => path.split('/')[1] ?? '';

const clients = /^(@eventstore\/|amqplib|@aws-sdk\/|@grpc\/|stripe)/;
const adapters = /\/(esdb|amqp|aws|dynamo|http|ses|stripe)[A-Z]\w*\.ts$/;

describe('who may import whom', () => {
  test('rooms point only to rooms before them', () => {
    const upward = imports.filter(
      ({ from, to }) =>
        from.startsWith('shared/') &&
        to.startsWith('shared/') &&
        rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(from)),
    );
    expect(upward).toEqual([]);
  });

  test('every room is known', () => {
    expect(
      [...new Set(sources.filter(({ path }) => path.startsWith('shared/')).map(({ path }) => roomOf(path)))].filter(
        (room) => !rooms.includes(room),
      ),
    ).toEqual([]);
  });

  test('nobody imports from functions but functions themselves, and only their own folder and the wiring', () => {
    const folderOf = (path: string): string => path.split('/').slice(0, 3).join('/');
    const wrong = imports.filter(
      ({ from, to }) =>
        to.startsWith('functions/') && !to.startsWith('functions/wiring/') && folderOf(from) !== folderOf(to),
    );
    expect(wrong).toEqual([]);
  });

  test('only entry points load the wiring', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to.startsWith('functions/wiring/') &&
        !/\/(index|main)\.ts$/.test(from) &&
        !from.startsWith('functions/wiring/'),
    );
    expect(wrong).toEqual([]);
  });

  test('production code knows nothing of the local servers', () => {
    expect(imports.filter(({ to }) => to.startsWith('infra/') || to.startsWith('tests/'))).toEqual([]);
  });

  test('the domain imports the kernel, zod, and the doors of other contexts as types alone', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('shared/domain/') && !/^(shared\/(kernel|domain)\/|zod\/mini$)/.test(to),
    );
    expect(wrong).toEqual([]);
    for (const { path, text } of sources.filter(({ path: of }) => of.startsWith('shared/domain/'))) {
      const across = [...text.matchAll(/(?:^|\n)import ([^;]*?) from '\.\.\/(?!\.\.)([^']+)'/g)];
      for (const [, what, target] of across)
        expect([path, what?.startsWith('type '), target]).toEqual([path, true, expect.stringMatching(/\/index\.ts$/)]);
    }
  });

  test('client libraries live in adapters and in the wiring', () => {
    const wrong = imports.filter(
      ({ from, to }) => clients.test(to) && !adapters.test(from) && !from.startsWith('functions/wiring/'),
    );
    expect(wrong).toEqual([]);
  });

  test('adapters are imported by the wiring and by each other alone', () => {
    const wrong = imports.filter(
      ({ from, to }) => adapters.test(to) && !adapters.test(from) && !from.startsWith('functions/wiring/'),
    );
    expect(wrong).toEqual([]);
  });

  test('there is no cycle', () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
    const done = new Set<string>();
    const walk = (path: string, above: readonly string[]): void => {
      if (above.includes(path)) throw new Error(`cycle: ${[...above.slice(above.indexOf(path)), path].join(' -> ')}`);
      if (done.has(path)) return;
      for (const next of targets.get(path) ?? []) walk(next, [...above, path]);
      done.add(path);
    };
    for (const { path } of sources) walk(path, []);
  });
});

describe('what lives in one room', () => {
  const linesWith = (pattern: RegExp, except: RegExp): readonly string[] =>
    sources.filter(({ path, text }) => !except.test(path) && pattern.test(text)).map(({ path }) => path);

  test.each([
    ['the environment', /process\.env/, /^functions\/wiring\/config\.ts$/],
    ['the time', /new Date\(\)|Date\.now\(\)|performance\.now\(\)/, /^shared\/kernel\/clock\.ts$/],
    ['identity', /randomUUID|from 'uuid'/, /^shared\/kernel\/ids\.ts$/],
    ['untrusted JSON', /JSON\.parse\(/, /\/(codec|credentials|httpJson|message|request|stackTrace)\.ts$/],
    ['status codes', /statusCode/, /^(functions\/http|functions\/operate|shared\/http)\/|\/stripe\w+\.ts$/],
    ['the console', /console\./, /^shared\/observe\/logger\.ts$/],
  ])('%s', (_, pattern, room) => {
    expect(linesWith(pattern, room)).toEqual([]);
  });

  test('every file is small', () => {
    const long = sources
      .map(({ path, text }) => [path, text.split('\n').length] as const)
      .filter(([, lines]) => lines > 200);
    expect(long).toEqual([]);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { remedyEvents } from '../shared/domain/operations/index.ts';
import { defectCode, requestCodes, unhealthyCode } from '../shared/http/problem.ts';
import { rejectionProblems } from '../shared/http/rejections.ts';
import { faultCodes } from '../shared/kernel/fault.ts';
import { toFulfilmentTable } from '../shared/testing/fulfilmentTable.ts';
import { allEvents } from './events/definitions.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const isThere = (path: string): boolean => existsSync(new URL(`../${path}`, import.meta.url));

/** Rows of all tables of a document: their cells, without the ticks. */
const rowsOf = (document: string): readonly (readonly string[])[] =>
  document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

describe('docs/errors.md', () => {
  const rows = rowsOf(read('docs/errors.md'));

  test('has every code, and none that is not in the code', () => {
    const codes = [
      ...Object.keys(requestCodes),
      ...Object.keys(rejectionProblems),
      ...Object.keys(faultCodes),
      unhealthyCode,
      defectCode,
      'defect',
    ];
    expect(rows.map(([code]) => code).toSorted()).toEqual(codes.toSorted());
  });

  test("says each code's status or kind as it is", () => {
    const statuses = {
      ...requestCodes,
      [unhealthyCode]: 503,
      ...Object.fromEntries(Object.entries(rejectionProblems).map(([code, { status }]) => [code, status])),
    };
    for (const [code, status] of Object.entries(statuses)) {
      expect([code, rows.find(([name]) => name === code)?.[1]]).toEqual([code, String(status)]);
    }
    for (const [code, { retryable, isOutage }] of Object.entries(faultCodes)) {
      const kind = isOutage ? 'outage' : retryable ? 'passing' : 'lasting';
      expect([code, rows.find(([name]) => name === code)?.[1]]).toEqual([code, kind]);
    }
  });
});

test('docs/events.md has every event type at its version with its fields, and no other', () => {
  const expected = Object.entries({ ...allEvents, ...remedyEvents }).map(([type, { version, schema }]) => {
    const { properties = {} } = z.toJSONSchema(schema);
    return [type, String(version), Object.keys(properties).join(', ')];
  });
  expect(rowsOf(read('docs/events.md')).toSorted()).toEqual(expected.toSorted());
});

test('docs/fulfilment.md has every state and event with what is to do, as the decider has it', () => {
  const document = read('docs/fulfilment.md');
  expect(document.slice(document.indexOf('| wants')).trim()).toBe(toFulfilmentTable());
});

describe('the way', () => {
  const stages = ['http', 'decide', 'append', 'relay', 'publish', 'consume', 'effect'];

  test('each stage has one anchor file, whose first line says so, and the README links it', () => {
    const anchors = globSync('{shared,functions}/**/*.ts', { exclude: (name) => name === 'node_modules' })
      .map((path) => ({ path, first: read(path).split('\n', 1)[0] ?? '' }))
      .filter(({ first }) => first.startsWith('// Way '));
    expect(
      anchors.map(({ first }) => /^\/\/ Way (\d)\/7: (\w+): .+/.exec(first)?.slice(1).join(' ')).toSorted(),
    ).toEqual(stages.map((stage, n) => `${n + 1} ${stage}`));
    for (const { path } of anchors) expect(read('README.md')).toContain(`(${path})`);
  });
});

describe.each(['README.md', ...globSync('docs/**/*.md')])('%s', (path) => {
  const text = read(path);
  const folder = path.split('/').slice(0, -1).join('/');

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !isThere(`${folder}/${target}`) && !isThere(target))).toEqual([]);
  });

  test('names files that are there', () => {
    const named = [...text.matchAll(/`((?:functions|shared|infra|tests|bench|docs)\/[\w./-]+\.\w+)`/g)].map(
      ([, file]) => file ?? '',
    );
    expect(named.filter((file) => !isThere(file))).toEqual([]);
  });

  test('names scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm (?:run (?:-s )?)?([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(
      named.filter((name) => !['ci', 'run', 'and', 'install'].includes(name) && !Object.hasOwn(scripts, name)),
    ).toEqual([]);
  });
});

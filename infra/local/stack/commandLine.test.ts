import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseCommandLine, usage } from './commandLine.ts';

test('nothing is asked for unless it is', () => {
  expect(parseCommandLine([])).toEqual({ kind: 'start', data: undefined, port: undefined, isVerbose: false });
  expect(parseCommandLine(['--verbose', '--data', 'here', '--port=0'])).toEqual({
    kind: 'start',
    data: 'here',
    port: '0',
    isVerbose: true,
  });
  expect([['--help'], ['-h', '--data', 'here']].map(parseCommandLine)).toEqual([{ kind: 'help' }, { kind: 'help' }]);
});

test.each([
  [['--date', 'here'], 'unknown argument --date; --help says what there is'],
  [['here'], 'unknown argument here; --help says what there is'],
  [['--data', 'here', '--', 'there'], 'unknown argument --; --help says what there is'],
  [['--data'], '--data needs a folder, such as --data .local/data'],
  [['--data='], '--data needs a folder, such as --data .local/data'],
  [['--data', '--verbose'], '--data needs a folder, such as --data .local/data'],
  [['--port'], '--port needs a port, such as --port 3001'],
])('refuses %j', (args, problem) => {
  expect(() => parseCommandLine(args)).toThrow(problem);
});

test('--help lists every setting that the README names', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/`([A-Z]+_[A-Z_]+)[`=]/g)].map(([, name]) => name ?? '');
  expect(named).toContain('HOSTILE_SEED');
  expect(named.filter((name) => !usage.includes(name))).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { parseCommandLine } from './commandLine.ts';

test('without arguments it listens where RabbitMQ would, on this machine only', () => {
  expect(parseCommandLine([])).toEqual({ kind: 'start', host: '127.0.0.1', port: 5672, vhosts: ['/'] });
});

test('flags take their value after a space or an equals sign', () => {
  expect(parseCommandLine(['--port', '0', '--host=0.0.0.0', '--vhost', 'a', '--vhost=b'])).toEqual({
    kind: 'start',
    host: '0.0.0.0',
    port: 0,
    vhosts: ['/', 'a', 'b'],
  });
  expect(parseCommandLine(['--port', '1', '--help'])).toEqual({ kind: 'help' });
});

test.each([
  [['--prot', '1'], 'unknown argument --prot; did you mean --port?'],
  [['--hots=x'], 'unknown argument --hots; did you mean --host?'],
  [['5673'], 'unknown argument 5673; did you mean --port?'],
  [['--port'], '--port needs a value'],
  [['--port', 'http'], '--port is a number from 0 to 65535, not http'],
  [['--port', '70000'], '--port is a number from 0 to 65535, not 70000'],
])('%j is refused in one line', (args, text) => {
  expect(() => parseCommandLine(args)).toThrow(text);
});

import { expect, test } from '@jest/globals';
import { parseCommandLine } from './commandLine.ts';

const env = { RABBITMQ_URL: 'amqp://a:b@h/w', RABBITMQ_API_URL: 'http://h:15672' };

test('reaches the broker by its addresses, or has a deployed function do it', () => {
  expect(parseCommandLine(['diff'], env)).toEqual({
    action: 'diff',
    retiredConsumers: [],
    deleteWithMessages: [],
    target: { kind: 'broker', url: env.RABBITMQ_URL, apiUrl: env.RABBITMQ_API_URL, usersFile: undefined },
  });
  const args = ['apply', '--function', 'f', '--delete-with-messages', 'a.1', '--delete-with-messages', 'a.2'];
  expect(parseCommandLine(args, {})).toEqual({
    action: 'apply',
    retiredConsumers: [],
    deleteWithMessages: ['a.1', 'a.2'],
    target: { kind: 'function', name: 'f', region: undefined },
  });
  expect(parseCommandLine(['--help'], {})).toBeUndefined();
});

test.each([
  [[], env, 'expected diff or apply'],
  [['delete'], env, 'expected diff or apply'],
  [['diff', 'apply'], env, 'expected diff or apply'],
  [['diff', '--all'], env, /^there is no option --all$/],
  [['diff', '--users'], env, /^--users needs a value.*$/],
  [['diff'], {}, 'set RABBITMQ_URL and RABBITMQ_API_URL, or say --function'],
  [['diff', '--function', 'f', '--users', 'u.json'], env, '--users goes without --function'],
])('refuses %j, naming it', (args, environment, message) => {
  expect(() => parseCommandLine(args, environment)).toThrow(message);
});

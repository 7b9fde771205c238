/**
 * `npm run test:real`: the tests over real servers instead of local ones: those of infra/docker-compose.yml, or any others
 * by EVENTSTORE_URL, RABBITMQ_URL, RABBITMQ_API_URL and DYNAMODB_ENDPOINT. Arguments go on to jest.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const { env } = process;
const broker = env['RABBITMQ_URL'] || 'amqp://guest:guest@127.0.0.1:5672';
const settings = {
  EVENTSTORE_URL: env['EVENTSTORE_URL'] || 'esdb://127.0.0.1:2113?tls=false',
  RABBITMQ_URL: broker,
  RABBITMQ_TEST_URL: broker,
  RABBITMQ_API_TEST_URL: env['RABBITMQ_API_URL'] || 'http://127.0.0.1:15672',
  DYNAMODB_TEST_URL: env['DYNAMODB_ENDPOINT'] || 'http://127.0.0.1:8000',
};
const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
// One after the other: they share the servers.
const chosen = process.argv.slice(2);
const which = chosen.length > 0 ? chosen : ['--selectProjects', 'socket', '--', 'shared/', 'functions/'];
const { status } = spawnSync(process.execPath, [...args, '--runInBand', ...which], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...env, ...settings },
  stdio: 'inherit',
});
process.exit(status ?? 1);

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface InitTime {
  readonly cpuMs: number;
  readonly wallMs: number;
}

const program = fileURLToPath(new URL('measureImport.js', import.meta.url));

/** Addresses that nobody answers: what a function does when it starts connects nowhere. */
const settings = {
  TABLE_PREFIX: 'bench',
  EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
  RABBITMQ_URL: 'amqp://127.0.0.1:1',
  PAYMENTS_URL: 'http://127.0.0.1:1',
  SHIPPING_URL: 'http://127.0.0.1:1',
  MAIL_FROM: 'a@b.example',
  PERSONAL_MASTER_KEY: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
};

/** What loading a bundle takes, in a process of its own, as a Lambda environment does before its first invocation. */
export function measureInit(bundle: string): InitTime {
  const env = { PATH: process.env['PATH'], ...settings };
  const output = execFileSync(process.execPath, [program, bundle], { env, encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as InitTime;
}

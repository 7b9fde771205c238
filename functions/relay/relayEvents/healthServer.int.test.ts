import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { createRelayStatus, type RelayStatus } from '../../../shared/relay/status.ts';
import { startHealthServer } from './healthServer.ts';

let status: RelayStatus;
let server: Server;
let aheadMs: number;

beforeEach(async () => {
  status = { ...createRelayStatus(), turnedMs: systemClock.elapsedMs() };
  aheadMs = 0;
  const clock = { ...systemClock, elapsedMs: () => systemClock.elapsedMs() + aheadMs };
  server = await startHealthServer(status, clock, 0);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const portOf = () => (server.address() as AddressInfo).port;
const ask = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${portOf()}${path}`);
  return { status: response.status, body: await response.json() };
};
const failAgainAndAgain = () =>
  Object.assign(status, {
    failures: 9,
    lastError: { code: 'broker/unavailable', message: 'no broker', at: '2026-11-23T10:00:00.000Z' },
  });

test('200 while it is healthy, 503 with the trouble when it is not', async () => {
  expect(await ask('/health')).toMatchObject({ status: 200, body: { isHealthy: true, state: 'standby', fencing: 0 } });

  failAgainAndAgain();
  expect(await ask('/health')).toMatchObject({
    status: 503,
    body: { isHealthy: false, trouble: 'failing', lastError: { code: 'broker/unavailable' } },
  });
});

describe.each(['infra/aws/relay.yml', 'infra/relay/Dockerfile'])('the check in %s', (path) => {
  /** How the command ends that the file has, but for the port. */
  const check = (): Promise<number> => {
    const [script = ''] = /fetch\('http:.*process\.exit\(1\)\)/.exec(readFileSync(path, 'utf8')) ?? [];
    return new Promise((resolve) => {
      execFile(process.execPath, ['-e', script.replace(':8080', `:${portOf()}`)], (error) =>
        resolve(Number(error?.code ?? 0)),
      );
    });
  };

  test('is passed by a relay that goes round, also when it gets nowhere', async () => {
    failAgainAndAgain();
    expect(await ask('/live')).toEqual({ status: 200, body: { isLive: true } });
    expect(await check()).toBe(0);
  });

  test('is failed by one that has stopped going round', async () => {
    aheadMs = 61_000;
    expect(await ask('/live')).toEqual({ status: 503, body: { isLive: false } });
    expect(await check()).toBe(1);
  });
});

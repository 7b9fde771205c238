import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { createRelayStatus } from '../../../shared/relay/status.ts';
import { startHealthServer } from './healthServer.ts';

test('200 while it is healthy, 503 with the trouble when it is not', async () => {
  const status = createRelayStatus();
  const server = await startHealthServer(status, systemClock, 0);
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    return { status: response.status, body: await response.json() };
  };
  expect(await ask()).toMatchObject({ status: 200, body: { isHealthy: true, state: 'standby', fencing: 0 } });

  status.failures = 9;
  status.lastError = { code: 'broker/unavailable', message: 'no broker', at: '2026-11-23T10:00:00.000Z' };
  expect(await ask()).toMatchObject({
    status: 503,
    body: { isHealthy: false, trouble: 'failing', lastError: { code: 'broker/unavailable' } },
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

import { createServer, type Server } from 'node:http';
import { assessRelay } from '../../../shared/relay/health.ts';
import type { RelayStatus } from '../../../shared/relay/status.ts';

/**
 * Answers every GET with how the relay is doing: 200 while it is healthy, a standby included, 503 otherwise.
 *
 * @param port 0 for any free one
 */
export function startHealthServer(status: RelayStatus, nowMs: () => number, port: number): Promise<Server> {
  const server = createServer((_, response) => {
    const health = assessRelay(status, nowMs());
    const sinceConfirmMs = Math.round(nowMs() - status.lastConfirmedMs);
    const body = JSON.stringify({ ...health, ...status, lastConfirmedMs: undefined, sinceConfirmMs });
    response.writeHead(health.isHealthy ? 200 : 503, { 'content-type': 'application/json' }).end(body);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

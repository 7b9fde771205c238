import { createServer, type Server } from 'node:http';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { toReport } from '../../../shared/relay/report.ts';
import type { RelayStatus } from '../../../shared/relay/status.ts';

/**
 * Answers every GET with the relay's report: 200 while it is healthy, a standby included, 503 otherwise.
 *
 * @param port 0 for any free one
 */
export function startHealthServer(status: RelayStatus, clock: Clock, port: number): Promise<Server> {
  const server = createServer((_, response) => {
    const report = toReport(status, clock);
    response
      .writeHead(report.isHealthy ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(report));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

import { createServer, type Server } from 'node:http';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { isLive } from '../../../shared/relay/health.ts';
import { toReport } from '../../../shared/relay/report.ts';
import type { RelayStatus } from '../../../shared/relay/status.ts';

/**
 * Answers GET /live with 200 while the relay goes round, 503 otherwise: for whoever starts it anew. Answers every other GET
 * with its report, 200 while it is healthy, a standby included, 503 otherwise: for people. A broker that is down makes it
 * unhealthy, and no new start would mend that.
 *
 * @param port 0 for any free one
 */
export function startHealthServer(status: RelayStatus, clock: Clock, port: number): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const reply = (isWell: boolean, body: object) =>
      response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url === '/live') {
      const isWell = isLive(status, clock.elapsedMs());
      return reply(isWell, { isLive: isWell });
    }
    const report = toReport(status, clock);
    return reply(report.isHealthy, report);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

import { map, message, string, uint64 } from '../wire/message.ts';
import { authorize, type Context } from './context.ts';
import { invalidArgument } from './rpcError.ts';
import type { Service } from './service.ts';

const StatsReq = message({ refreshTimePeriodInMs: uint64(4) });
const StatsResp = message({ stats: map(1, string) });
const LONGEST_PERIOD_MS = 2 ** 31 - 1;

/** Monitoring: a few figures of the process and its log, again and again until the client goes. */
export function createMonitoringService(context: Context): Service {
  return {
    name: 'event_store.client.monitoring.Monitoring',
    rpcs: {
      Stats: {
        kind: 'answers',
        async answer(request, output, headers) {
          authorize(context, headers, 'manage', '');
          const periodMs = Number(StatsReq.decode(request).refreshTimePeriodInMs ?? 0n);
          if (periodMs <= 0 || periodMs > LONGEST_PERIOD_MS) {
            throw invalidArgument(`'refresh_time_period_in_ms' must be from 1 to ${LONGEST_PERIOD_MS}.`);
          }
          while (!output.isClosed) {
            if (!output.send(StatsResp.encode({ stats: measure(context) }))) await output.ready();
            await output.pause(periodMs);
          }
        },
      },
    },
  };
}

function measure({ log }: Context): Map<string, string> {
  const { rss, heapUsed } = process.memoryUsage();
  return new Map([
    ['proc-id', String(process.pid)],
    ['proc-mem', String(rss)],
    ['proc-gc-totalBytesInHeaps', String(heapUsed)],
    ['es-writer-lastFlushedPosition', String(log.lastPosition)],
    ['es-events', String(log.visible)],
    ['es-streams', String(log.streamCount)],
  ]);
}

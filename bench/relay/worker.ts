/**
 * One pump in a process of its own: `node worker.ts <relay | bare | amqp | client>`, told what to do by its environment. Sends
 * its parent what it measured and ends.
 */

import { amqpAlone } from './amqpAlone.ts';
import { barePump, clientAlone } from './bare.ts';
import { createMeter } from './meter.ts';
import { relayPump } from './relayPump.ts';

const pumps = { relay: relayPump, bare: barePump, amqp: amqpAlone, client: clientAlone } as const;

export type PumpName = keyof typeof pumps;

const [name = ''] = process.argv.slice(2);
const meter = createMeter(Number(process.env['COUNT']));
// A pump may have no end of its own, but it must not fail unheard.
pumps[name as PumpName](meter).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
process.send?.(await meter.result, () => process.exit(0));

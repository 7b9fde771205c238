import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { EventId } from '../../shared/kernel/ids.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import type { EventStore, NewEvent } from '../../shared/store/eventStore.ts';
import { newEvent } from '../../shared/testing/builders.ts';
import type { LocalDynamo } from '../../tests/setup/localDynamo.ts';
import { type ServerProcess, startStore } from '../eventStore/processes.ts';
import { newTimedId } from './meter.ts';

const dataBytes = 500;
const appendSize = 100;
const filling = 'x'.repeat(dataBytes - '{"n":12345,"text":""}'.length);

export interface BenchStore {
  readonly url: string;
  /** Appends at a steady pace, each event with the time of its append in its id. */
  pace(perSecond: number, count: number): Promise<void>;
  stop(): Promise<void>;
}

const newBenched = (stream: string, n: number): NewEvent => newEvent(stream, { n, text: filling });

/** A store in a process of its own that holds `count` events of 500 bytes. */
export async function fillStore(count: number): Promise<BenchStore> {
  const server: ServerProcess = await startStore();
  const store: EventStore = createEsdbEventStore(lazy(() => server.client));
  let next = 0;
  const fill = async (): Promise<void> => {
    while (next < count) {
      const first = next;
      next += appendSize;
      const stream = `order-${first}`;
      await store.append(
        stream,
        Array.from({ length: appendSize }, (_, n) => newBenched(stream, n)),
        'no-stream',
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, fill));
  let sequence = 0;
  return {
    url: server.url,
    async pace(perSecond, events) {
      const startedMs = performance.now();
      const appends: Promise<unknown>[] = [];
      for (let sent = 0; sent < events; ) {
        const due = Math.min(events, Math.floor(((performance.now() - startedMs) / 1_000) * perSecond));
        for (; sent < due; sent += 1) {
          sequence += 1;
          const stream = `order-paced-${sequence}`;
          const id = newTimedId(sequence) as EventId;
          appends.push(store.append(stream, [{ ...newBenched(stream, 0), id }], 'no-stream'));
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await Promise.all(appends);
    },
    stop: () => server.stop(),
  };
}

/** The relay begins at the beginning again. */
export const forgetCheckpoint = ({ client, tableName }: LocalDynamo): Promise<unknown> =>
  client.send(new DeleteCommand({ TableName: tableName('relay'), Key: { pk: 'relay' } }));

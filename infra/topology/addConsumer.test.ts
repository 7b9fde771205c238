import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { reconcileTopology } from '../../shared/broker/admin/reconcileTopology.ts';
import type { ConsumerTopology } from '../../shared/broker/topology.ts';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../shared/testing/appliedBroker.ts';
import { makeConsumer, messages } from '../../shared/testing/consumerRig.ts';

const title = 'Add a consumer';
const document = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const section = document.split('\n## ').find((text) => text.startsWith(`${title}\n`)) ?? '';
const [, startFrom = ''] = /startFrom: \{ position: (\d+)n \}/.exec(section) ?? [];
const [toStart = '', toPlace = ''] = section
  .split('\n')
  .filter((line) => /^ {7}npm run ops -- relay rewind/.test(line));
const [, place = ''] = / --position (\d+)\/\d+ /.exec(toPlace) ?? [];

const greetings: ConsumerTopology = { name: 'greetings', categories: ['order'], partitions: 1, hasLateQueue: false };

describe('docs/operations.md, "Add a consumer"', () => {
  test('is where the deployment of a new consumer points', async () => {
    const wanted = { ...wantedWith(1), consumers: [...wantedWith(1).consumers, greetings] };
    const { missed } = await reconcileTopology(await makeAppliedBroker(1), wanted, nothingTold);
    expect(missed).toEqual([expect.stringContaining(`relay rewind to where it starts (docs/operations.md, ${title})`)]);
    expect(toStart).toContain(' --to-start ');
  });

  test('a relay that is set back to that place publishes what the consumer acts on, and nothing before it', async () => {
    const beyond = BigInt(startFrom) - BigInt(place || startFrom);
    const { append, store } = makeConsumer();
    const [past] = await append(['past'], 'order-1');
    const published = past?.position ?? 0n;
    // Before its queue was bound; nothing comes after it in this stream.
    await append(['quiet'], 'order-2');
    const options = { startFrom: { position: published + beyond } };
    const { consume, handled, row } = makeConsumer({ store, options });
    const all = [...(await Array.fromAsync(store.read('order-1'))), ...(await Array.fromAsync(store.read('order-2')))];
    await consume(messages(...all.filter(({ position = 0n }) => position > published)));
    expect([handled, await row('order-1')]).toEqual([['quiet'], undefined]);

    const [next] = await append(['next'], 'order-1');
    await consume(messages(next));
    expect(handled).toEqual(['quiet', 'next']);
  });

  test('a view, which starts with the first event, has all of them when the relay is set back to the start', async () => {
    const { append, consume, handled } = makeConsumer();
    const [past] = await append(['past'], 'order-1');
    await append(['quiet'], 'order-2');
    const [next] = await append(['next'], 'order-2');
    await consume(messages(next));
    expect(handled).toEqual(['quiet', 'next']);
    await consume(messages(past));
    expect(handled).toEqual(['quiet', 'next', 'past']);
  });
});

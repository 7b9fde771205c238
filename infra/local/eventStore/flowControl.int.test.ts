import { execFileSync } from 'node:child_process';
import { binaryEvent, persistentSubscriptionToStreamSettingsFromDefaults as settings } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { startEventStore } from './startEventStore.ts';
import { startProcess } from './testing/serverProcess.ts';
import { connect, freshName, take } from './testing/subject.ts';
import { message, nested } from './wire/message.ts';
import { ReadReq as GroupReadReq } from './wire/persistent.ts';
import { ReadReq } from './wire/streams.ts';

const BATCHES = 40;
const PER_BATCH = 100;
const DATA_BYTES = 8 * 1024;
const SLOW_READERS = 12;
const FrameOfEvent = message({ event: nested(1, message({})) });
const asItIs = (bytes: Buffer): Buffer => bytes;

test('who does not read holds nobody up, costs no memory, and misses nothing', async () => {
  const { url, child, end } = await startProcess('--run-projections', 'None');
  const memoryBytes = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) * 1024;
  const client = connect(url);
  const raw = new Client(new URL(url).host, credentials.createInsecure());
  const request = ReadReq.encode({
    options: { all: { start: {} }, subscription: {}, noFilter: {}, uuidOption: { string: {} } },
  });
  const slow = Array.from({ length: SLOW_READERS }, () =>
    raw.makeServerStreamRequest('/event_store.client.streams.Streams/Read', asItIs, asItIs, request),
  );
  for (const call of slow) call.on('error', () => undefined);
  await Promise.all(
    slow.map(async (call) => {
      await new Promise((confirmed) => call.once('data', confirmed));
      call.pause();
    }),
  );

  const name = freshName();
  const others = take(client.subscribeToStream(name), BATCHES * PER_BATCH);
  const before = memoryBytes();
  const data = Buffer.alloc(DATA_BYTES);
  for (let batch = 0; batch < BATCHES; batch++) {
    const events = Array.from({ length: PER_BATCH }, () => binaryEvent({ type: 'Big', data }));
    await client.appendToStream(name, events);
  }
  expect(await others).toHaveLength(BATCHES * PER_BATCH);
  // The log itself, and room for garbage; each slow reader's copy would be as much as the log again.
  const logBytes = BATCHES * PER_BATCH * DATA_BYTES;
  expect(memoryBytes() - before).toBeLessThan(0.75 * SLOW_READERS * logBytes);

  const [reader] = slow;
  let seen = 0;
  await new Promise<void>((resolve) => {
    reader?.on('data', (answer: Buffer) => {
      if (FrameOfEvent.decode(answer).event && ++seen === BATCHES * PER_BATCH) resolve();
    });
    reader?.resume();
  });
  for (const call of slow) call.cancel();
  raw.close();
  await client.dispose();
  await end();
});

test('a consumer that does not read is sent no more than its connection takes, whatever its buffer', async () => {
  const server = await startEventStore({ projections: 'none' });
  const client = connect(server.url);
  const raw = new Client(new URL(server.url).host, credentials.createInsecure());
  const name = freshName();
  await client.createPersistentSubscriptionToStream(name, 'group', settings());
  const path = '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read';
  const call = raw.makeBidiStreamRequest(path, asItIs, asItIs);
  call.on('error', () => undefined);
  const options = { streamIdentifier: { streamName: name }, groupName: 'group', bufferSize: 2 ** 31 - 1 };
  call.write(GroupReadReq.encode({ options }));
  await new Promise((confirmed) => call.once('data', confirmed));
  call.pause();

  const data = Buffer.alloc(DATA_BYTES);
  for (let batch = 0; batch < BATCHES; batch++) {
    const events = Array.from({ length: PER_BATCH }, () => binaryEvent({ type: 'Big', data }));
    await client.appendToStream(name, events);
  }
  const { stats } = await client.getPersistentSubscriptionToStreamInfo(name, 'group');
  expect(stats.totalInFlightMessages).toBeLessThan((BATCHES * PER_BATCH) / 4);

  let seen = 0;
  await new Promise<void>((resolve) => {
    call.on('data', () => ++seen === BATCHES * PER_BATCH && resolve());
    call.resume();
  });
  call.cancel();
  raw.close();
  await client.dispose();
  await server.stop();
});

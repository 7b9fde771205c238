import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { Client, type ClientWritableStream, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from '../../startEventStore.ts';
import { openRawCalls, type RawCalls, type Refusal } from '../../testing/rawCalls.ts';
import { collect, connect, freshName, numbered } from '../../testing/subject.ts';
import { AppendReq } from '../../wire/streams.ts';

const APPEND = '/event_store.client.streams.Streams/Append';
const ID = { string: Buffer.from('00112233-4455-6677-8899-aabbccddeeff') };
const METADATA = new Map([
  ['type', 'T'],
  ['content-type', 'application/json'],
]);

let server: RunningEventStore;
let client: ReturnType<typeof connect>;
let raw: RawCalls;
beforeAll(async () => {
  server = await startEventStore({ projections: 'none' });
  client = connect(server.url);
  raw = openRawCalls(server.url);
});
afterAll(async () => {
  raw.close();
  await client.dispose();
  await server.stop();
});

const asItIs = (bytes: Buffer): Buffer => bytes;
const target = (streamName: string) => AppendReq.encode({ options: { streamIdentifier: { streamName }, any: {} } });

/** Sends an event without saying that it was the last. */
async function begin(
  own: Client,
  name: string,
  deadline: number,
): Promise<{ call: ClientWritableStream<Buffer>; ended: Promise<unknown> }> {
  const call = own.makeClientStreamRequest(APPEND, asItIs, asItIs, { deadline }, () => undefined);
  const ended = new Promise((resolve) => call.on('status', resolve));
  call.write(target(name));
  call.write(AppendReq.encode({ proposedMessage: { id: ID, metadata: METADATA } }));
  // Once this is answered on the same connection, the event has arrived.
  const gossip = '/event_store.client.gossip.Gossip/Read';
  await new Promise((resolve) => own.makeUnaryRequest(gossip, asItIs, asItIs, Buffer.alloc(0), resolve));
  return { call, ended };
}

/** The same without gRPC's own client, whose connection can be taken away. */
async function beginOverHttp2(name: string): Promise<ClientHttp2Session> {
  const session = connectHttp2(`http://${new URL(server.url).host}`);
  const headers = { ':method': 'POST', ':path': APPEND, 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request(headers);
  stream.on('error', () => undefined);
  for (const message of [target(name), AppendReq.encode({ proposedMessage: { id: ID, metadata: METADATA } })]) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    await new Promise((resolve) => stream.write(Buffer.concat([head, message]), resolve));
  }
  return session;
}

describe('an append that was not finished is not written:', () => {
  /** What is sent later is written later: when it is there, the other would be. */
  const expectNothing = async (name: string): Promise<void> => {
    const credential = { username: 'admin', password: 'changeit' };
    for (let later = 0; later < 3; later++) {
      await client.appendToStream(freshName(), numbered(1), { credentials: credential });
    }
    await expect(collect(client.readStream(name))).rejects.toMatchObject({ type: 'stream-not-found' });
  };

  test('cancelled', async () => {
    const [name, own] = [freshName(), new Client(new URL(server.url).host, credentials.createInsecure())];
    (await begin(own, name, Number.POSITIVE_INFINITY)).call.cancel();
    await expectNothing(name);
    own.close();
  });

  test('out of time', async () => {
    const [name, own] = [freshName(), new Client(new URL(server.url).host, credentials.createInsecure())];
    await (await begin(own, name, Date.now() + 200)).ended;
    await expectNothing(name);
    own.close();
  });

  test('cut off with its connection', async () => {
    const name = freshName();
    (await beginOverHttp2(name)).destroy();
    await expectNothing(name);
  });
});

test('metadata without end is refused although it does not count as data', async () => {
  const customMetadata = Buffer.alloc(1024 * 1024);
  const proposedMessage = { id: ID, metadata: METADATA, customMetadata };
  const name = freshName();
  const messages = Array.from({ length: 70 }, () => AppendReq.encode({ proposedMessage }));
  const refusal = await raw.requests(APPEND, [target(name), ...messages]).then(
    () => undefined,
    (error: Refusal) => error,
  );
  expect(refusal).toMatchObject({ code: 3, details: expect.stringMatching('too many bytes') });
});

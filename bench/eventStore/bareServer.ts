import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Server, ServerCredentials, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import { runProgram } from '../../infra/local/program.ts';

/**
 * The floor: a gRPC server on the client's own stubs that stores nothing. Reads send frames that were encoded before,
 * the same ones over and over; appends are decoded and answered. `node bareServer.ts <count> <data bytes>`.
 */
const [count = 0, dataBytes = 0] = process.argv.slice(2).map(Number);

function encodeFrame(revision: number): Uint8Array {
  const id = new shared.UUID();
  id.setString('00112233-4455-6677-8899-aabbccddeeff');
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from('bench-0').toString('base64'));
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(String(revision));
  recorded.setPreparePosition(String(revision * 300));
  recorded.setCommitPosition(String(revision * 300));
  recorded.getMetadataMap().set('type', 'Benched');
  recorded.getMetadataMap().set('created', '17000000000000000');
  recorded.getMetadataMap().set('content-type', 'application/json');
  recorded.setData(Buffer.from(JSON.stringify({ text: 'x'.repeat(Math.max(0, dataBytes - 11)) })));
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(revision * 300));
  const response = new streams.ReadResp();
  response.setEvent(event);
  return response.serializeBinary();
}

function encodeConfirmation(): Uint8Array {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId('bare');
  const response = new streams.ReadResp();
  response.setConfirmation(confirmation);
  return response.serializeBinary();
}

const frames = Array.from({ length: count }, (_, revision) => Buffer.from(encodeFrame(revision)));
const confirmation = Buffer.from(encodeConfirmation());

async function read(call: ServerWritableStream<streams.ReadReq, Buffer>): Promise<void> {
  const isSubscription = call.request.getOptions()?.hasSubscription() ?? false;
  if (isSubscription) call.write(confirmation);
  for (const frame of frames) {
    if (call.cancelled) return;
    if (!call.write(frame)) await new Promise((resolve) => call.once('drain', resolve));
  }
  if (!isSubscription) call.end();
}

function batchAppend(call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void {
  let written = 0;
  call.on('data', (request: streams.BatchAppendReq) => {
    written += request.getProposedMessagesList().length;
    if (!request.getIsFinal()) return;
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(written));
    position.setPreparePosition(String(written));
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(written));
    success.setPosition(position);
    const response = new streams.BatchAppendResp();
    response.setCorrelationId(request.getCorrelationId());
    response.setStreamIdentifier(request.getOptions()?.getStreamIdentifier());
    response.setSuccess(success);
    call.write(response);
  });
  call.on('end', () => call.end());
}

await runProgram('bare server', async () => {
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const { read: readDefinition, batchAppend: batchDefinition } = streamsGrpc.StreamsService;
  server.addService(
    {
      read: { ...readDefinition, responseSerialize: (frame: Buffer) => frame },
      batchAppend: batchDefinition,
    },
    { read, batchAppend },
  );
  const supported = '/event_store.client.server_features.ServerFeatures/GetSupportedMethods';
  server.addService(
    {
      supported: {
        path: supported,
        requestStream: false,
        responseStream: false,
        requestSerialize: (bytes: Buffer) => bytes,
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: (bytes: Buffer) => bytes,
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    },
    {
      supported: (_: unknown, done: (error: object | null, answer?: Buffer) => void) => {
        const method = Buffer.from('\x0a\x0bbatchappend\x12\x22event_store.client.streams.streams', 'latin1');
        done(
          null,
          Buffer.concat([Buffer.from([0x0a, method.length]), method, Buffer.from('\x12\x0723.10.0', 'latin1')]),
        );
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    stop: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
});

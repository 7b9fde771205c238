import type { IncomingMessage } from 'node:http';
import { ANY } from '../log/decideAppend.ts';
import { append, newEventId } from '../log/write.ts';
import type { Context } from '../rpc/context.ts';
import { RpcError } from '../rpc/rpcError.ts';
import { parseStreamName } from '../rpc/streams/writeRequest.ts';
import { InvalidRequest } from '../wire/shared.ts';
import { parseUuid } from '../wire/uuid.ts';
import { HttpRefusal } from './httpRefusal.ts';

/**
 * Appends one event: its type and id are in headers, its data is the body, whether or not that is what it says it is.
 * The sender needs the right to write, as over gRPC. Returns the event's address; throws {@link HttpRefusal}. A body
 * that is cut off is not written.
 */
export async function postEvent(context: Context, stream: string, request: IncomingMessage): Promise<string> {
  const { log, committer, maxAppendBytes } = context;
  checkName(stream);
  checkAccess(context, stream, request.headers.authorization);
  const type = request.headers['es-eventtype'];
  const given = request.headers['es-eventid'];
  const id = given === undefined ? newEventId() : parseUuid(Buffer.from(String(given)));
  if (typeof type !== 'string' || type === '') throw new HttpRefusal(400, 'The header ES-EventType is missing.');
  if (!id) throw new HttpRefusal(400, `'${given}' is not a valid UUID.`);
  const data = await readBody(request, maxAppendBytes);
  const isJson = request.headers['content-type'] === 'application/json';
  const outcome = append(log, stream, ANY, [{ id, type, isJson, metadata: Buffer.alloc(0), data }]);
  await new Promise<void>((resolve) => committer.commit(resolve));
  switch (outcome.outcome) {
    case 'written':
      return `/streams/${encodeURIComponent(stream)}/${outcome.revision}`;
    case 'wrong-expected':
      throw new HttpRefusal(400, 'Wrong expected EventNumber');
    case 'stream-deleted':
      throw new HttpRefusal(410, 'Stream deleted');
  }
}

function checkName(stream: string): void {
  try {
    parseStreamName({ streamName: stream });
  } catch (error) {
    throw error instanceof InvalidRequest ? new HttpRefusal(400, error.message) : error;
  }
}

function checkAccess({ access }: Context, stream: string, authorization: string | undefined): void {
  let isAllowed: boolean;
  try {
    isAllowed = access.isAllowed(access.userOf(authorization), 'write', stream);
  } catch (error) {
    throw error instanceof RpcError ? new HttpRefusal(401, error.message) : error;
  }
  if (!isAllowed) throw new HttpRefusal(401, 'Access Denied');
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // The connection has to outlive a refusal, to carry it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw new HttpRefusal(413, `Maximum Append Size of ${maxBytes} Exceeded.`);
    }
  } catch (error) {
    throw error instanceof HttpRefusal ? error : new HttpRefusal(400, 'The body was cut off.');
  }
  return Buffer.concat(chunks);
}

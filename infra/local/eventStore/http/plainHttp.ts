import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ANY } from '../log/decideAppend.ts';
import { append, newEventId } from '../log/write.ts';
import type { Context } from '../rpc/context.ts';
import { SERVER_VERSION } from '../rpc/serverFeatures.ts';
import { parseUuid } from '../wire/uuid.ts';

/** The few HTTP/1.1 requests that clients and health checks make on the gRPC port; everything else is 404. */
export function createPlainHttp(context: Context, endPoint: () => { address: string; port: number }): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const route = `${request.method} ${path}`;
    if (route === 'GET /health/live') return void response.writeHead(204).end();
    if (route === 'GET /ping') {
      return sendJson(response, { msgTypeId: 0, text: 'Ping request successfully handled' });
    }
    if (route === 'GET /info') {
      return sendJson(response, { dbVersion: SERVER_VERSION, esVersion: SERVER_VERSION, state: 'leader' });
    }
    if (route === 'GET /gossip') return sendJson(response, gossip(endPoint()));
    const stream = /^POST \/streams\/([^/]+)$/.exec(route)?.[1];
    if (stream !== undefined) return void postEvent(context, decode(stream), request, response);
    response.writeHead(404, 'Not Found').end();
  });
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function gossip({ address, port }: { address: string; port: number }): object {
  const member = { state: 'Leader', isAlive: true, httpEndPointIp: address, httpEndPointPort: port };
  return { members: [member], serverIp: address, serverPort: port };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Appends one event: its type and id are in headers, its data is the body, whether or not that is what it says it is. */
async function postEvent(
  { log, committer, maxAppendBytes }: Context,
  stream: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, reason: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(reason);
  };
  const type = request.headers['es-eventtype'];
  const given = request.headers['es-eventid'];
  const id = given === undefined ? newEventId() : parseUuid(Buffer.from(String(given)));
  if (!stream || stream.startsWith('$')) return refuse(400, 'The stream name is not valid.');
  if (typeof type !== 'string' || type === '') return refuse(400, 'The header ES-EventType is missing.');
  if (!id) return refuse(400, `'${given}' is not a valid UUID.`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > maxAppendBytes) return refuse(413, `Maximum Append Size of ${maxAppendBytes} Exceeded.`);
  }
  const isJson = request.headers['content-type'] === 'application/json';
  const event = { id, type, isJson, metadata: Buffer.alloc(0), data: Buffer.concat(chunks) };
  const outcome = append(log, stream, ANY, [event]);
  committer.commit(() => {
    if (outcome.outcome === 'stream-deleted') refuse(410, 'Stream deleted');
    else if (outcome.outcome === 'wrong-expected') refuse(400, 'Wrong expected EventNumber');
    else response.writeHead(201, { location: `/streams/${encodeURIComponent(stream)}/${outcome.revision}` }).end();
  });
}

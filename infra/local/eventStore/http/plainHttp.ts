import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Context } from '../rpc/context.ts';
import { SERVER_VERSION } from '../rpc/serverFeatures.ts';
import { HttpRefusal } from './httpRefusal.ts';
import { postEvent } from './postEvent.ts';

const POST_TO_STREAM = /^POST \/streams\/([^/]+)$/;

/**
 * The few HTTP/1.1 requests that clients and health checks make on the gRPC port; everything else is 404. Whatever is
 * sent is answered or refused, and nothing of it can end the server.
 */
export function createPlainHttp(context: Context, endPoint: () => { address: string; port: number }): Server {
  return createServer((request, response) => {
    answer(context, endPoint, request, response).catch((error: unknown) => refuse(request, response, error));
  });
}

async function answer(
  context: Context,
  endPoint: () => { address: string; port: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = `${request.method} ${pathOf(request)}`;
  if (route === 'GET /health/live') return void response.writeHead(204).end();
  if (route === 'GET /ping') {
    return sendJson(response, { msgTypeId: 0, text: 'Ping request successfully handled' });
  }
  if (route === 'GET /info') {
    return sendJson(response, { dbVersion: SERVER_VERSION, esVersion: SERVER_VERSION, state: 'leader' });
  }
  if (route === 'GET /gossip') return sendJson(response, gossip(endPoint()));
  const stream = POST_TO_STREAM.exec(route)?.[1];
  if (stream === undefined) throw new HttpRefusal(404, 'There is nothing here.');
  const location = await postEvent(context, decode(stream), request);
  response.writeHead(201, { location }).end();
}

/** The path of a request's target, which may be a whole address, or nothing of the kind. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const base = 'http://localhost';
  if (!URL.canParse(url, base)) throw new HttpRefusal(400, 'The target of the request is not an address.');
  return new URL(url, base).pathname;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpRefusal(400, 'The stream name is not valid.');
  }
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function gossip({ address, port }: { address: string; port: number }): object {
  const member = { state: 'Leader', isAlive: true, httpEndPointIp: address, httpEndPointPort: port };
  return { members: [member], serverIp: address, serverPort: port };
}

/** Answers with what went wrong. A defect of ours tells the sender nothing; a sender that has gone is told nothing. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const isRefusal = error instanceof HttpRefusal;
  if (!isRefusal) console.error('event store: an HTTP request failed', error);
  const { status, message } = isRefusal ? error : new HttpRefusal(500, 'The request failed.');
  const challenge = status === 401 && { 'www-authenticate': 'Basic realm="ES"' };
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...challenge }).end(message);
  // A sender that is still sending reads the answer only when it is done.
  request.resume();
}

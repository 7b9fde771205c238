import { createServer, type ServerResponse } from 'node:http';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';
import type { Behaviour } from './behaviour.ts';
import { openLedger } from './keptLedger.ts';
import { createLedger, type LedgerLog, toAuthorizeText, toSettleText } from './ledger.ts';
import { type GatewayRequest, parseRequest } from './parseRequest.ts';
import { type Reply, toReply } from './toReply.ts';

export interface RunningPaymentGateway extends RunningServer {
  log(): LedgerLog;
  behave(behaviour: Behaviour): void;
}

const normal: Behaviour = { mode: 'normal', delayMs: 1 };

interface Options {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** Keeps the books, so that a gateway started there again goes on with them. In memory unless given. */
  readonly directory?: string | undefined;
}

/**
 * Starts a payment gateway over HTTP on loopback. Every POST needs an `Idempotency-Key`: the same
 * key again is answered as the first time, and the same key with another request by 422. `PUT /behaviour` makes it
 * misbehave from then on; `GET /log` tells what it was asked, how often, and what it did.
 *
 * @throws in one line when the port is taken, or the folder is in use or damaged
 */
export async function startPaymentGateway({ port = 0, directory }: Options = {}): Promise<RunningPaymentGateway> {
  const kept = directory === undefined ? undefined : openLedger(directory);
  const ledger = kept?.ledger ?? createLedger();
  const timers = new Set<NodeJS.Timeout>();
  let behaviour = normal;

  const answer = (parsed: GatewayRequest, response: ServerResponse): void => {
    if (parsed.ask === 'behave') {
      ({ behaviour } = parsed);
      send(response, { status: 200, body: behaviour });
      return;
    }
    const isMoney = parsed.ask === 'authorize' || parsed.ask === 'settle';
    const { mode, delayMs } = isMoney ? behaviour : normal;
    if (isMoney && (mode === 'hangs' || mode === 'is down' || mode === 'refuses')) {
      ledger.ignore(parsed.key, toText(parsed));
      if (mode === 'refuses') send(response, { status: 400, body: { error: 'refused, as PUT /behaviour wants it' } });
      if (mode === 'is down') response.destroy();
      return;
    }
    const reply = toReply(ledger, parsed, mode === 'declines');
    if (!reply) return;
    if (mode === 'answers late') {
      const timer = setTimeout(() => {
        timers.delete(timer);
        send(response, reply);
      }, delayMs);
      timers.add(timer);
      return;
    }
    send(response, reply);
    if (mode === 'answers twice') response.socket?.write(toRaw(reply));
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = request.headers['idempotency-key'];
      const body = Buffer.concat(chunks).toString();
      answer(parseRequest(request.method ?? '', request.url ?? '', key?.toString(), body), response);
    });
  });
  const running = await listen(server, port).catch((error: unknown) => {
    kept?.close();
    throw error;
  });
  return {
    ...running,
    log: () => ledger.log(),
    behave: (wanted) => {
      behaviour = wanted;
    },
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      await running.stop();
      kept?.close();
    },
  };
}

const toText = (parsed: Extract<GatewayRequest, { ask: 'authorize' | 'settle' }>): string =>
  parsed.ask === 'authorize'
    ? toAuthorizeText(parsed.request)
    : toSettleText(parsed.settlement, parsed.authorizationId);

function send(response: ServerResponse, { status, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An answer to a question that nobody asked. */
function toRaw({ status, body }: Reply): string {
  const content = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} Again\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(content)}`;
  return `${head}\r\n\r\n${content}`;
}

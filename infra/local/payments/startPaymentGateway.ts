import { createServer } from 'node:http';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';
import { createLedger, type Ledger, type LedgerLog } from './ledger.ts';
import { type GatewayRequest, parseRequest } from './parseRequest.ts';

export interface RunningPaymentGateway extends RunningServer {
  log(): LedgerLog;
}

/**
 * Starts a payment gateway over HTTP on loopback, its books in memory. Every POST needs an `Idempotency-Key`: the same
 * key again is answered as the first time, and the same key with another request by 422.
 *
 * @param port 0, the default, takes any free one
 */
export async function startPaymentGateway({ port = 0 } = {}): Promise<RunningPaymentGateway> {
  const ledger = createLedger();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = request.headers['idempotency-key'];
      const body = Buffer.concat(chunks).toString();
      const parsed = parseRequest(request.method ?? '', request.url ?? '', key?.toString(), body);
      const reply = toReply(ledger, parsed);
      if (!reply) return;
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
    });
  });
  return { ...(await listen(server, port)), log: () => ledger.log() };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const keyReused: Reply = { status: 422, body: { error: 'this Idempotency-Key came with another request' } };

/** Undefined: silence is the answer, and the connection stays open until the client gives up. */
function toReply(ledger: Ledger, parsed: GatewayRequest): Reply | undefined {
  switch (parsed.ask) {
    case 'nothing':
      return { status: parsed.status, body: { error: parsed.reason } };
    case 'log':
      return { status: 200, body: ledger.log() };
    case 'authorize': {
      const result = ledger.authorize(parsed.key, parsed.request);
      if (result.status === 'key reused') return keyReused;
      return result.status === 'silent' ? undefined : { status: 200, body: result };
    }
    case 'settle': {
      const result = ledger.settle(parsed.key, parsed.authorizationId, parsed.settlement);
      switch (result.status) {
        case 'key reused':
          return keyReused;
        case 'unknown':
          return { status: 404, body: { error: `no authorization ${parsed.authorizationId}` } };
        case 'conflict':
          return { status: 409, body: { error: `${parsed.authorizationId} is ${result.settled} already` } };
        case 'captured':
        case 'voided':
          return { status: 200, body: result };
      }
    }
  }
}

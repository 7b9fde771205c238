import type { Ledger } from './ledger.ts';
import type { GatewayRequest } from './parseRequest.ts';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const keyReused: Reply = { status: 422, body: { error: 'this Idempotency-Key came with another request' } };

/**
 * Does what was asked and answers it. Undefined: silence is the answer, and the connection stays open until the client
 * gives up.
 */
export function toReply(
  ledger: Ledger,
  parsed: Exclude<GatewayRequest, { ask: 'behave' }>,
  declines: boolean,
): Reply | undefined {
  switch (parsed.ask) {
    case 'nothing':
      return { status: parsed.status, body: { error: parsed.reason } };
    case 'log':
      return { status: 200, body: ledger.log() };
    case 'authorize': {
      const result = ledger.authorize(parsed.key, parsed.request, declines);
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

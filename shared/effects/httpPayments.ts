import * as z from 'zod/mini';
import { declineCode, providerId } from './answers.ts';
import { createJsonPost } from './httpJson.ts';
import type { PaymentGateway } from './payments.ts';

/** How long an answer may take; then it counts as unknown, and the same key is asked again later. */
const defaultTimeoutMs = 2_000;

const authorization = z.union([
  z.object({ status: z.literal('approved'), authorizationId: providerId }),
  z.object({ status: z.literal('declined'), reason: declineCode }),
]);
const settlements: Readonly<Record<'capture' | 'void', z.ZodMiniType<unknown>>> = {
  capture: z.object({ status: z.literal('captured') }),
  void: z.object({ status: z.literal('voided') }),
};

/** The payment gateway behind `baseUrl`, spoken to in JSON over HTTP; `Idempotency-Key` carries the key. */
export function createHttpPayments(baseUrl: string, { timeoutMs = defaultTimeoutMs } = {}): PaymentGateway {
  const faults = { setting: 'PAYMENTS_URL', unavailable: 'payments/unavailable', refused: 'payments/refused' } as const;
  const post = createJsonPost(baseUrl, { timeoutMs, ...faults });
  const settle = async (verb: 'capture' | 'void', key: string, authorizationId: string): Promise<void> => {
    await post(`authorizations/${encodeURIComponent(authorizationId)}/${verb}`, key, {}, settlements[verb]);
  };

  return {
    authorize: ({ key, askedAt: _, ...body }) => post('authorizations', key, body, authorization),
    capture: ({ key, authorizationId }) => settle('capture', key, authorizationId),
    void: ({ key, authorizationId }) => settle('void', key, authorizationId),
  };
}

export interface AuthorizationRequest {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export type Settlement = 'captured' | 'voided';

export interface Effect {
  readonly kind: 'authorized' | Settlement;
  readonly orderId: string;
  readonly authorizationId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What the gateway was asked and what it did, for tests to prove that nothing was paid twice. */
export interface LedgerLog {
  readonly asked: readonly { readonly key: string; readonly request: string; readonly times: number }[];
  /** In the order in which they happened. */
  readonly effects: readonly Effect[];
}

export type AuthorizationAnswer =
  | { readonly status: 'approved'; readonly authorizationId: string }
  | { readonly status: 'declined'; readonly reason: string }
  | { readonly status: 'silent' };

export type SettlementAnswer =
  | { readonly status: Settlement }
  | { readonly status: 'unknown' }
  | { readonly status: 'conflict'; readonly settled: Settlement };

/** The same key came with another request. */
export interface KeyReused {
  readonly status: 'key reused';
}

export interface Ledger {
  /** @param declines whatever the amount says */
  authorize(key: string, request: AuthorizationRequest, declines?: boolean): AuthorizationAnswer | KeyReused;
  settle(key: string, authorizationId: string, settlement: Settlement): SettlementAnswer | KeyReused;
  /** Notes that it was asked, and does nothing about it. */
  ignore(key: string, request: string): void;
  log(): LedgerLog;
}

/** Each request in a few words: the same words, the same request. */
export const toAuthorizeText = ({ orderId, amountMinor, currency }: AuthorizationRequest): string =>
  `authorize ${orderId} ${amountMinor} ${currency}`;
export const toSettleText = (settlement: Settlement, authorizationId: string): string =>
  `${settlement} ${authorizationId}`;

interface Authorization extends AuthorizationRequest {
  settled?: Settlement;
}

/**
 * The gateway's books, in memory. An amount ending in 13 is declined, one ending in 99 stays without an answer and
 * without an effect, every other is approved. The same key again: the answer of the first time, and no new effect.
 */
export function createLedger(): Ledger {
  const asked = new Map<string, { readonly request: string; times: number; answer?: { readonly value: unknown } }>();
  const authorizations = new Map<string, Authorization>();
  const effects: Effect[] = [];

  const note = (key: string, request: string) => {
    const entry = asked.get(key) ?? { request, times: 0 };
    entry.times += 1;
    asked.set(key, entry);
    return entry;
  };
  const answerOnce = <Answer>(key: string, request: string, decide: () => Answer): Answer | KeyReused => {
    const entry = note(key, request);
    if (entry.request !== request) return { status: 'key reused' };
    entry.answer ??= { value: decide() };
    return entry.answer.value as Answer;
  };

  const record = (kind: Effect['kind'], authorizationId: string, request: AuthorizationRequest): void => {
    const { orderId, amountMinor, currency } = request;
    effects.push({ kind, orderId, authorizationId, amountMinor, currency });
  };

  return {
    authorize: (key, request, declines = false) =>
      answerOnce(key, toAuthorizeText(request), () => {
        if (declines) return { status: 'declined', reason: 'declined-by-gateway' };
        if (request.amountMinor % 100 === 13) return { status: 'declined', reason: 'insufficient-funds' };
        if (request.amountMinor % 100 === 99) return { status: 'silent' };
        const authorizationId = `auth-${authorizations.size + 1}`;
        authorizations.set(authorizationId, { ...request });
        record('authorized', authorizationId, request);
        return { status: 'approved', authorizationId };
      }),
    settle: (key, authorizationId, settlement) =>
      answerOnce<SettlementAnswer>(key, toSettleText(settlement, authorizationId), () => {
        const authorization = authorizations.get(authorizationId);
        if (!authorization) return { status: 'unknown' };
        if (authorization.settled === undefined) {
          authorization.settled = settlement;
          record(settlement, authorizationId, authorization);
        }
        return authorization.settled === settlement
          ? { status: settlement }
          : { status: 'conflict', settled: authorization.settled };
      }),
    ignore: (key, request) => void note(key, request),
    log: () => ({
      asked: [...asked].map(([key, { request, times }]) => ({ key, request, times })),
      effects,
    }),
  };
}

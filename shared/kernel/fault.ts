/**
 * Every way the world can fail us. `retryable`: waiting may help, so a caller answers 503 and a consumer tries again
 * later; otherwise a repeat would fail the same way. docs/errors.md lists them, compared with this table by a test.
 */
export const faultCodes = {
  'store/unavailable': { retryable: true },
  'store/contended': { retryable: true },
  'store/stream-deleted': { retryable: false },
  'store/malformed-event': { retryable: false },
  'store/gap': { retryable: true },
  'broker/unavailable': { retryable: true },
  'broker/unroutable': { retryable: true },
  'broker/malformed-message': { retryable: false },
  'table/unavailable': { retryable: true },
  'cursor/contended': { retryable: true },
  'payments/unavailable': { retryable: true },
  'payments/refused': { retryable: false },
  'config/invalid': { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type FaultCode = keyof typeof faultCodes;

/** The world failed: a store, broker, table or provider. `message` says what and where; `cause` is the foreign error. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retryable: boolean;

  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retryable = faultCodes[code].retryable;
  }
}

export const isFault = (error: unknown): error is Fault => error instanceof Fault;

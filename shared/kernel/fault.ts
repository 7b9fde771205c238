interface FaultKind {
  /** Waiting may help: a caller answers 503, a consumer tries again later. Otherwise a repeat would fail the same way. */
  readonly retryable: boolean;
  /** A part that everything stands on is gone: a consumer hands the whole batch back instead of judging its streams. */
  readonly isOutage: boolean;
}

const outage: FaultKind = { retryable: true, isOutage: true };
const passing: FaultKind = { retryable: true, isOutage: false };
const lasting: FaultKind = { retryable: false, isOutage: false };

/** Every way the world can fail us. docs/errors.md lists them, compared with this table by a test. */
export const faultCodes = {
  'config/invalid': outage,
  'store/unavailable': outage,
  'store/refused': outage,
  'store/contended': outage,
  'store/behind': passing,
  'store/stream-deleted': lasting,
  'store/malformed-event': lasting,
  'broker/unavailable': outage,
  'broker/refused': outage,
  'broker/forbidden': outage,
  'broker/unroutable': outage,
  'broker/malformed-message': lasting,
  'table/unavailable': outage,
  'secrets/unavailable': outage,
  'keys/unavailable': outage,
  'personal/unreadable': lasting,
  'cursor/contended': outage,
  'consumer/timed-out': passing,
  'consumer/unended': lasting,
  'payments/unavailable': passing,
  'payments/refused': lasting,
  'parcels/unavailable': passing,
  'parcels/refused': lasting,
  'mail/unavailable': passing,
  'mail/refused': lasting,
  'issuer/unavailable': passing,
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof faultCodes;

/** The world failed: a store, broker, table or provider. `message` says what and where; `cause` is the foreign error. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retryable: boolean;
  readonly isOutage: boolean;

  constructor(code: FaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retryable = faultCodes[code].retryable;
    this.isOutage = faultCodes[code].isOutage;
  }
}

export const isFault = (error: unknown): error is Fault => error instanceof Fault;

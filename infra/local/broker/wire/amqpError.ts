/** Reply codes (AMQP 0-9-1, section 1.3, and RabbitMQ's use of them) and what each ends: one channel or the connection. */
const replyCodes = {
  CONTENT_TOO_LARGE: { code: 311, ends: 'channel' },
  NO_ROUTE: { code: 312, ends: 'channel' },
  NO_CONSUMERS: { code: 313, ends: 'channel' },
  CONNECTION_FORCED: { code: 320, ends: 'connection' },
  INVALID_PATH: { code: 402, ends: 'connection' },
  ACCESS_REFUSED: { code: 403, ends: 'channel' },
  NOT_FOUND: { code: 404, ends: 'channel' },
  RESOURCE_LOCKED: { code: 405, ends: 'channel' },
  PRECONDITION_FAILED: { code: 406, ends: 'channel' },
  FRAME_ERROR: { code: 501, ends: 'connection' },
  SYNTAX_ERROR: { code: 502, ends: 'connection' },
  COMMAND_INVALID: { code: 503, ends: 'connection' },
  CHANNEL_ERROR: { code: 504, ends: 'connection' },
  UNEXPECTED_FRAME: { code: 505, ends: 'connection' },
  RESOURCE_ERROR: { code: 506, ends: 'connection' },
  NOT_ALLOWED: { code: 530, ends: 'connection' },
  NOT_IMPLEMENTED: { code: 540, ends: 'connection' },
  INTERNAL_ERROR: { code: 541, ends: 'connection' },
} as const satisfies Record<string, { code: number; ends: 'channel' | 'connection' }>;

export type ReplyCode = keyof typeof replyCodes;

/** A refusal as the protocol speaks it. The text a client sees is `<NAME> - <reason>`. */
export class AmqpError extends Error {
  readonly reply: ReplyCode;
  readonly ends: 'channel' | 'connection';
  /** Class and method it is about, where that is not the one being handled. */
  readonly methodId: readonly [number, number] | undefined;

  constructor(reply: ReplyCode, reason: string, more: Partial<Pick<AmqpError, 'ends' | 'methodId'>> = {}) {
    super(`${reply} - ${reason}`);
    this.reply = reply;
    this.ends = more.ends ?? replyCodes[reply].ends;
    this.methodId = more.methodId;
  }

  /** The same, about this method unless it was about another already. */
  about(methodId: readonly [number, number]): AmqpError {
    if (this.methodId) return this;
    return new AmqpError(this.reply, this.message.slice(this.reply.length + 3), { ends: this.ends, methodId });
  }

  get code(): number {
    return replyCodes[this.reply].code;
  }
}

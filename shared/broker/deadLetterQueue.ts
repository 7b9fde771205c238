/** What lies in a dead-letter queue, as a port. Contract: deadLetterQueue.contract.ts. */
export interface QueuedMessage {
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly correlationId: string | undefined;
  /** Text, numbers, booleans, or lists and tables of them. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

export type Verdict = 'keep' | 'remove';

export interface DeadLetterQueue {
  /**
   * Looks at up to `limit` messages from the head of the queue and asks for a verdict on each, for all of them at once.
   * Afterwards those to be removed are gone and the others lie there again, in their order; when anything fails, all of them do.
   * Those of two looks at once, or of one that does not see all that earlier looks have put back, may lie behind others.
   * Meanwhile nobody else sees them: `judge` is to be quick.
   *
   * @throws Fault broker/unavailable, broker/refused, broker/forbidden; broker/unroutable where there is no such queue;
   * config/invalid, or what `judge` throws
   */
  look(
    queue: string,
    limit: number,
    judge: (messages: readonly QueuedMessage[]) => Promise<readonly Verdict[]>,
  ): Promise<void>;
}

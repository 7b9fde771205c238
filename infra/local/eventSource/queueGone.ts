/** What the event source tells its parent when a queue is not there. */
export interface QueueGone {
  readonly queueGone: string;
}

export const isQueueGone = (message: unknown): message is QueueGone =>
  typeof message === 'object' && message !== null && 'queueGone' in message && typeof message.queueGone === 'string';

/** What a queue of this system is for, as its name tells; without `consumer` it is not a consumer's. */
export type QueueName =
  | { readonly name: string; readonly kind: 'feeding' | 'retry' | 'dead-letter'; readonly consumer: string }
  | { readonly name: string; readonly kind: 'other'; readonly consumer?: undefined };

const forms = [
  ['feeding', /^([a-z][a-z-]*)\.(?:\d+|late)$/],
  ['retry', /^([a-z][a-z-]*)\.retry\.\d+$/],
  ['dead-letter', /^([a-z][a-z-]*)-dlq$/],
] as const;

/** The other way round than `feedingQueues`, `retryQueue` and `deadLetterQueue` of topology.ts. */
export function parseQueueName(name: string): QueueName {
  for (const [kind, form] of forms) {
    const consumer = form.exec(name)?.[1];
    if (consumer !== undefined) return { name, kind, consumer };
  }
  return { name, kind: 'other' };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ConsumeMessage, GetMessage, Options } from 'amqplib';
import type { Rig } from './rig.ts';

/** What a consumer gets, one by one. */
export interface Inbox {
  readonly tag: string;
  /** The next message; null is the broker's notice that it has ended the consumer. */
  next(): Promise<ConsumeMessage | null>;
  /** The next message's text; fails on a cancellation. */
  nextText(): Promise<string>;
  /** How many came and were not asked for yet. */
  readonly waiting: number;
}

/** Consumes, with everything that arrives kept in order. Nothing is acknowledged here. */
export async function inbox(channel: Channel, queue: string, options: Options.Consume = {}): Promise<Inbox> {
  const arrived: (ConsumeMessage | null)[] = [];
  let notify = (): void => {};
  const { consumerTag: tag } = await channel.consume(
    queue,
    (message) => {
      arrived.push(message);
      notify();
    },
    options,
  );
  const next = async (): Promise<ConsumeMessage | null> => {
    for (;;) {
      const message = arrived.shift();
      if (message !== undefined) return message;
      const { promise, resolve } = Promise.withResolvers<void>();
      notify = resolve;
      await promise;
    }
  };
  const nextText = async (): Promise<string> => textOf(await next());
  return {
    tag,
    next,
    nextText,
    get waiting() {
      return arrived.length;
    },
  };
}

export function textOf(message: ConsumeMessage | GetMessage | false | null): string {
  if (!message) throw new Error('a message was expected');
  return message.content.toString();
}

/** A message; fails where there is none. */
export function present<M extends ConsumeMessage | GetMessage>(message: M | false | null): M {
  if (!message) throw new Error('a message was expected');
  return message;
}

/** The texts of everything that waits in a queue, taken out. */
export async function drain(channel: Channel, queue: string): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return texts;
    texts.push(textOf(message));
  }
}

/** Asks again until it holds; for what a broker does in its own time and tells nobody. Fails by the test's time limit. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(5);
  }
}

/** The next message that gets into a queue. */
export function arrival(channel: Channel, queue: string): Promise<GetMessage> {
  return eventually(() => channel.get(queue, { noAck: true }));
}

/** With what words a broker refuses something: `404 NOT_FOUND - no queue 'q' in vhost '/'`. It is tried by a stranger. */
export async function refusal(rig: Rig, attempt: (channel: Channel) => unknown): Promise<string> {
  const connection = await rig.connect();
  const channel = await connection.createChannel();
  const { promise, resolve } = Promise.withResolvers<Error>();
  channel.on('error', resolve);
  connection.on('error', resolve);
  const done = Promise.resolve(attempt(channel)).then(
    // What has no answer of its own is refused, if at all, before the answer to the next question.
    () => channel.checkExchange('amq.direct').then(() => new Error('nothing was refused')),
    () => promise,
  );
  const error = await Promise.race([promise, done.catch(() => promise)]);
  const [, code, text] = /(\d{3}) \([A-Z-]+\) with message "(.*)"$/s.exec(error.message) ?? [];
  return code === undefined ? error.message : `${code} ${text}`;
}

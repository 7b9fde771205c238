import type { Fault } from '../kernel/fault.ts';

/** Sending to the broker, as a port. Contract: publisher.contract.ts. */
export interface OutgoingMessage {
  /** '' is the default exchange: the routing key is a queue's name. */
  readonly exchange: string;
  readonly routingKey: string;
  /** At most 255 bytes of UTF-8; the same at every repeat of the same message. */
  readonly messageId: string;
  readonly type: string;
  readonly correlationId?: string;
  readonly timestamp: Date;
  /** Values are strings, numbers, booleans, or objects and arrays of them. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

export interface Publisher {
  /**
   * Afterwards the broker has taken the message over: it is on disk in every queue it was routed to. Messages are sent
   * in the order of the calls; none waits for the answer to another.
   *
   * @throws Fault broker/unroutable when no queue takes it or there is no such exchange; broker/forbidden when it may not be
   * written to; broker/refused when the broker does not let us in; broker/unavailable when it may have been taken over or not,
   * also when it has not been confirmed for some seconds
   */
  publish(message: OutgoingMessage): Promise<void>;

  /**
   * The same for many: connected beforehand, and without a promise for each. Resolves when the broker and the socket take
   * more, which may last as long as the broker blocks publishers.
   *
   * @throws Fault broker/unavailable, broker/refused
   */
  ready(): Promise<Sender>;

  /**
   * How many messages are ready in a queue.
   *
   * @throws Fault broker/unroutable when there is no such queue; broker/unavailable, broker/refused
   */
  readDepth(queue: string): Promise<number>;

  /** Afterwards no connection is open; messages without an answer have failed. A later `publish` connects again. */
  close(): Promise<void>;
}

export interface Sender {
  /**
   * Sends a message; `settled` is called once, with nothing when the broker has taken it over, otherwise with the fault of
   * `publish`. False: enough for now, `ready` tells when to go on. Messages of one sender arrive in the order of the calls.
   */
  send(message: OutgoingMessage, settled: (fault: Fault | undefined) => void): boolean;
}

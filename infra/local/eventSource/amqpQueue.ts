import { type Channel, type ConsumeMessage, connect } from 'amqplib';

/** One connection that consumes one queue. Nothing here throws once it is open: a lost connection says so in `isOpen`. */
export interface OpenQueue {
  isOpen(): boolean;
  /** Takes these messages off the queue; `areFirst`: they are all that was delivered up to the last of them. */
  acknowledge(messages: readonly ConsumeMessage[], areFirst: boolean): void;
  /** Puts everything that is delivered and not settled back, in its place in the queue. */
  returnAll(): void;
  /** Takes one message off the queue for good; it goes where the queue sends its dead letters. */
  reject(message: ConsumeMessage): void;
  /** Resolves when the connection is gone; what is not settled goes back to the queue. */
  close(): Promise<void>;
}

export interface QueueAddress {
  readonly brokerUrl: string;
  readonly queue: string;
  /** Messages delivered ahead of their acknowledgement. */
  readonly prefetch: number;
}

export interface QueueListener {
  onMessage(message: ConsumeMessage): void;
  /** Once, when the connection, its channel or the consumer has ended by any other way than `close`. */
  onLost(reason: string): void;
}

const connectTimeoutMs = 5_000;

/**
 * Connects and starts to consume. amqplib's own recovery restores neither channels nor consumers, so there is none:
 * whoever opened opens again.
 *
 * @throws the client's error when the broker cannot be reached, or the queue does not exist
 */
export async function openQueue(address: QueueAddress, listener: QueueListener): Promise<OpenQueue> {
  const connection = await connect(address.brokerUrl, { noDelay: true, timeout: connectTimeoutMs });
  let open = true;
  const lose = (reason: string): void => {
    if (!open) return;
    open = false;
    listener.onLost(reason);
    void connection.close().catch(ignoreClosed);
  };
  connection.on('error', (error) => lose(error.message));
  connection.on('close', () => lose('connection closed'));

  let channel: Channel | undefined;
  const close = async (): Promise<void> => {
    open = false;
    // The channel first: closing the connection overtakes acknowledgements that are still to be written.
    await channel?.close().catch(ignoreClosed);
    await connection.close().catch(ignoreClosed);
  };
  try {
    const consuming = await connection.createChannel();
    channel = consuming;
    consuming.on('error', (error) => lose(error.message));
    consuming.on('close', () => lose('channel closed'));
    await consuming.prefetch(address.prefetch);
    await consuming.consume(address.queue, (message) => {
      if (message === null) lose('consumer cancelled by the broker');
      else if (open) listener.onMessage(message);
    });
    return {
      isOpen: () => open,
      acknowledge: (messages, areFirst) => {
        // One acknowledgement for all of them, where that says the same.
        for (const message of areFirst ? messages.slice(-1) : messages) if (open) consuming.ack(message, areFirst);
      },
      returnAll: () => open && consuming.nackAll(true),
      reject: (message) => open && consuming.nack(message, false, false),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Closing what the other side has closed already is no failure. */
const ignoreClosed = (): void => {};

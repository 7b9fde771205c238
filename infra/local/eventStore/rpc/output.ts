import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import type { Outgoing } from '../wire/outgoing.ts';
import { type RpcError, stopping, toRpcError } from './rpcError.ts';

/** A call that answers with messages, as the code that writes them sees it. Events are encoded when their turn comes. */
export class Output {
  readonly #call: ServerWritableStream<Buffer, Outgoing> | ServerDuplexStream<Buffer, Outgoing>;
  readonly #onClose = new Set<() => void>();
  readonly #onDrain = new Set<() => void>();
  #isFull = false;
  #isClosed = false;

  constructor(call: ServerWritableStream<Buffer, Outgoing> | ServerDuplexStream<Buffer, Outgoing>) {
    this.#call = call;
    const close = (): void => this.#close();
    call.on('cancelled', close);
    call.on('close', close);
    call.on('drain', () => {
      this.#isFull = false;
      const proceed = [...this.#onDrain];
      this.#onDrain.clear();
      for (const listener of proceed) listener();
    });
  }

  /** True once the client has gone or the call has ended. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** True while the client takes no more. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  /** Returns false when the client takes no more for now: wait for {@link ready} then. */
  send(message: Outgoing): boolean {
    if (this.#isClosed) return false;
    this.#isFull = !this.#call.write(message);
    return !this.#isFull;
  }

  /** Resolves when the client takes more, or the call is over. */
  ready(): Promise<void> {
    if (this.#isClosed || !this.#isFull) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrain.add(resolve);
    });
  }

  /** Resolves when `waiters` are woken, or the call is over. */
  news(waiters: { add(waiter: () => void): void; delete(waiter: () => void): void }): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const proceed = (): void => {
        waiters.delete(proceed);
        this.#onClose.delete(proceed);
        resolve();
      };
      waiters.add(proceed);
      this.#onClose.add(proceed);
    });
  }

  /** Resolves after a while, or when the call is over. */
  pause(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const proceed = (): void => {
        clearTimeout(timer);
        this.#onClose.delete(proceed);
        resolve();
      };
      const timer = setTimeout(proceed, ms);
      this.#onClose.add(proceed);
    });
  }

  /** `listener` is called once, when the call is over; at once when it is already. */
  onClose(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#onClose.add(listener);
  }

  /** How many wait for the call to be over. */
  get listenerCount(): number {
    return this.#onClose.size;
  }

  end(): void {
    if (!this.#isClosed) this.#call.end();
    this.#close();
  }

  fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#call.emit('error', toRpcError(error) satisfies RpcError);
    this.#close();
  }

  /** The server stops: the client is told that the call is cancelled. Resolves once that is on its way. */
  stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#call.once('close', () => resolve()));
    this.fail(stopping());
    return gone;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of [...this.#onClose, ...this.#onDrain]) listener();
    this.#onClose.clear();
    this.#onDrain.clear();
  }
}

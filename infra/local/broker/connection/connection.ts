import type { Socket } from 'node:net';
import type { VirtualHost } from '../vhost/virtualHost.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { type Frame, FrameReader } from '../wire/frameReader.ts';
import { frameType, protocolHeader } from '../wire/frames.ts';
import { decodeMethod } from '../wire/methodCodec.ts';
import type { Method } from '../wire/methods.ts';
import type { BrokerOptions } from './brokerOptions.ts';
import { Channels } from './channels.ts';
import { type Agreement, Handshake, hasCapability, LoginRefused } from './handshake.ts';
import { startHeartbeat } from './heartbeat.ts';
import { Outbox } from './outbox.ts';

/** So long a client may take to shake hands, to answer a close, or to hang up after one. */
const patienceMs = 10_000;

/**
 * `greeting`: the protocol header is awaited; `handshake`; `open`; `closing`: close was sent, all but its answer is
 * discarded; `over`: nothing more is said, and what still comes is read and discarded until the client hangs up.
 */
type State = 'greeting' | 'handshake' | 'open' | 'closing' | 'over';

/** One client: its socket, its handshake, its channels. Ends with everything that was its own. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #outbox: Outbox;
  readonly #options: BrokerOptions;
  readonly #handshake: Handshake;
  #state: State = 'greeting';
  #greeting: Buffer = Buffer.alloc(0);
  #agreement: Agreement | undefined;
  #channels: Channels | undefined;
  #hasHeard = false;
  #stopHeartbeat = (): void => {};
  #patience: NodeJS.Timeout;

  constructor(socket: Socket, options: BrokerOptions, vhosts: ReadonlyMap<string, VirtualHost>) {
    this.#socket = socket;
    this.#options = options;
    this.#outbox = new Outbox(
      socket,
      () => this.#channels?.flush(),
      () => this.#channels?.wake(),
    );
    this.#handshake = new Handshake(options, vhosts, (name, fields) => this.#outbox.send(0, name, fields));
    this.#patience = setTimeout(() => socket.destroy(), patienceMs).unref();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#dispose());
  }

  /** Ends the connection from this side, as RabbitMQ does when it shuts down. */
  shutDown(): void {
    if (this.#state === 'open') {
      const text = "broker forced connection closure with reason 'shutdown'";
      this.#close(new AmqpError('CONNECTION_FORCED', text), [0, 0]);
    } else if (this.#state !== 'closing') {
      this.#socket.destroy();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#hasHeard = true;
    if (this.#state === 'over') return;
    let channel = 0;
    try {
      const bytes = this.#state === 'greeting' ? this.#greet(chunk) : chunk;
      if (bytes === undefined) return;
      for (const frame of this.#reader.feed(bytes)) {
        channel = frame.channel;
        this.#onFrame(frame);
        if (this.#hasEnded()) return;
      }
    } catch (error) {
      this.#fail(error, channel);
    }
  }

  #hasEnded(): boolean {
    return this.#state === 'over';
  }

  /** What follows the protocol header once that is whole; a wrong one is answered with the right one. */
  #greet(chunk: Buffer): Buffer | undefined {
    const bytes = Buffer.concat([this.#greeting, chunk]);
    const length = Math.min(bytes.length, protocolHeader.length);
    if (!bytes.subarray(0, length).equals(protocolHeader.subarray(0, length))) {
      this.#state = 'over';
      this.#socket.end(protocolHeader);
      return undefined;
    }
    if (bytes.length < protocolHeader.length) {
      this.#greeting = bytes;
      return undefined;
    }
    this.#state = 'handshake';
    this.#handshake.start();
    return bytes.subarray(protocolHeader.length);
  }

  #onFrame(frame: Frame): void {
    if (frame.type === frameType.heartbeat) return;
    if (frame.type > frameType.body || frame.type === 0) {
      throw new AmqpError('FRAME_ERROR', `unknown frame type ${frame.type}`);
    }
    if (this.#state === 'closing') {
      this.#whileClosing(frame);
      return;
    }
    if (frame.channel === 0) {
      if (frame.type !== frameType.method) throw new AmqpError('UNEXPECTED_FRAME', 'content on channel 0');
      this.#onMethod(decodeMethod(frame.payload));
    } else if (this.#channels) {
      this.#channels.onFrame(frame);
    } else {
      throw new AmqpError('CHANNEL_ERROR', `channel ${frame.channel} before the connection is open`);
    }
  }

  #onMethod(method: Method): void {
    if (method.name === 'connection.close') {
      this.#closedByClient();
      return;
    }
    if (this.#state === 'handshake') {
      const agreement = this.#handshake.onMethod(method);
      if (agreement) this.#open(agreement);
      return;
    }
    if (method.name === 'connection.update-secret') {
      this.#outbox.send(0, 'connection.update-secret-ok', {});
      return;
    }
    throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  }

  #open(agreement: Agreement): void {
    this.#agreement = agreement;
    clearTimeout(this.#patience);
    this.#state = 'open';
    this.#reader.maxFrameBytes = agreement.frameMax;
    this.#outbox.frameMax = agreement.frameMax;
    const link = {
      options: this.#options,
      vhost: agreement.vhost,
      user: agreement.user,
      owner: this,
      outbox: this.#outbox,
      hearsCancels: hasCapability(agreement.capabilities, 'consumer_cancel_notify'),
    };
    this.#channels = new Channels(link, agreement.channelMax);
    this.#outbox.send(0, 'connection.open-ok', {});
    this.#stopHeartbeat = startHeartbeat(agreement.heartbeatSeconds, {
      tookHeard: () => {
        const hasHeard = this.#hasHeard;
        this.#hasHeard = false;
        return hasHeard;
      },
      beat: () => this.#outbox.sendHeartbeat(),
      lost: () => this.#socket.destroy(),
    });
  }

  #closedByClient(): void {
    this.#release();
    this.#outbox.send(0, 'connection.close-ok', {});
    this.#state = 'over';
    this.#waitForEnd();
  }

  #whileClosing(frame: Frame): void {
    if (frame.type !== frameType.method || frame.channel !== 0) return;
    const { name } = decodeMethod(frame.payload);
    if (name === 'connection.close') this.#outbox.send(0, 'connection.close-ok', {});
    if (name !== 'connection.close-ok' && name !== 'connection.close') return;
    this.#outbox.flush();
    this.#state = 'over';
    this.#socket.end();
  }

  #fail(error: unknown, channel: number): void {
    if (this.#state === 'closing' || this.#state === 'over') {
      this.destroy();
      return;
    }
    if (error instanceof LoginRefused && !error.isTold) {
      this.destroy();
      return;
    }
    if (!(error instanceof AmqpError)) console.error(error);
    const refusal = error instanceof AmqpError ? error : new AmqpError('INTERNAL_ERROR', 'the broker failed');
    this.#close(refusal, this.#channels?.lastMethodId(channel) ?? [0, 0]);
  }

  #close(error: AmqpError, [classId, methodId]: readonly [number, number]): void {
    this.#release();
    this.#outbox.send(0, 'connection.close', {
      replyCode: error.code,
      replyText: error.message.slice(0, 255),
      classId,
      methodId,
    });
    this.#state = 'closing';
    this.#waitForEnd();
  }

  #waitForEnd(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#socket.destroy(), patienceMs).unref();
  }

  /** Gives back what the connection held: deliveries to their queues, exclusive queues to nobody. */
  #release(): void {
    this.#stopHeartbeat();
    this.#channels?.close();
    this.#agreement?.vhost.removeQueuesOf(this);
  }

  #dispose(): void {
    clearTimeout(this.#patience);
    if (this.#state !== 'over' && this.#state !== 'closing') this.#release();
    this.#state = 'over';
  }
}

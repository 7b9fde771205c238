import type { Socket } from 'node:net';
import type { VirtualHost } from '../vhost/virtualHost.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { checkFrame } from '../wire/checkFrame.ts';
import { type Frame, FrameReader } from '../wire/frameReader.ts';
import { frameType, protocolHeader } from '../wire/frames.ts';
import { decodeMethod, methodId } from '../wire/methodCodec.ts';
import type { Method } from '../wire/methods.ts';
import type { BrokerOptions } from './brokerOptions.ts';
import { Channels } from './channels.ts';
import { GreetingReader } from './greeting.ts';
import { type Agreement, Handshake, hasCapability, LoginRefused } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';
import { Outbox } from './outbox.ts';
import { PublisherBlock } from './publisherBlock.ts';
import { toClose } from './toClose.ts';

const noBytes = Buffer.alloc(0);

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
  readonly #greeting = new GreetingReader();
  #agreement: Agreement | undefined;
  #channels: Channels | undefined;
  #block: PublisherBlock | undefined;
  #heartbeat: Heartbeat | undefined;
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
      this.#close(new AmqpError('CONNECTION_FORCED', text));
    } else if (this.#state !== 'closing') {
      this.#socket.destroy();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#heartbeat?.heard();
    if (this.#state === 'over') return;
    try {
      const bytes = this.#state === 'greeting' ? this.#greet(chunk) : chunk;
      for (const frame of this.#reader.feed(bytes)) {
        this.#onFrame(frame);
        if (this.#hasEnded()) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #hasEnded(): boolean {
    return this.#state === 'over';
  }

  /** What follows the protocol header once that is whole; a wrong one is answered with the right one. */
  #greet(chunk: Buffer): Buffer {
    const greeting = this.#greeting.feed(chunk);
    if (greeting.kind === 'wrong') {
      this.#state = 'over';
      this.#socket.end(protocolHeader);
    }
    if (greeting.kind !== 'whole') return noBytes;
    this.#state = 'handshake';
    this.#handshake.start();
    return greeting.rest;
  }

  #onFrame(frame: Frame): void {
    checkFrame(frame);
    if (frame.type === frameType.heartbeat) return;
    if (this.#state === 'closing') this.#whileClosing(frame);
    else if (frame.channel === 0) this.#onMethod(decodeMethod(frame.payload));
    else if (this.#channels) this.#channels.onFrame(frame);
    else throw new AmqpError('CHANNEL_ERROR', `channel ${frame.channel} before the connection is open`);
  }

  #onMethod(method: Method): void {
    if (method.name === 'connection.close') {
      this.#closedByClient();
    } else if (this.#state === 'handshake') {
      const agreement = this.#handshake.onMethod(method);
      if (agreement) this.#open(agreement);
    } else if (method.name === 'connection.update-secret') {
      this.#outbox.send(0, 'connection.update-secret-ok', {});
    } else {
      const text = 'unexpected method in connection state running';
      throw new AmqpError('CHANNEL_ERROR', text, { methodId: methodId(method.name) });
    }
  }

  #open(agreement: Agreement): void {
    this.#agreement = agreement;
    clearTimeout(this.#patience);
    this.#state = 'open';
    this.#reader.maxFrameBytes = agreement.frameMax;
    this.#outbox.frameMax = agreement.frameMax;
    const hears = (capability: string): boolean => hasCapability(agreement.capabilities, capability);
    const block = new PublisherBlock(this.#socket, this.#options.alarm, this.#outbox, hears('connection.blocked'));
    this.#block = block;
    const link = {
      options: this.#options,
      vhost: agreement.vhost,
      user: agreement.user,
      owner: this,
      outbox: this.#outbox,
      hearsCancels: hears('consumer_cancel_notify'),
      published: () => block.published(),
    };
    this.#channels = new Channels(link, agreement.channelMax);
    this.#outbox.send(0, 'connection.open-ok', {});
    this.#heartbeat = new Heartbeat(agreement.heartbeatSeconds, {
      beat: () => this.#outbox.sendHeartbeat(),
      lost: () => this.#socket.destroy(),
      isExcused: () => block.isOn,
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
    if (name === 'connection.close-ok' || name === 'connection.close') this.#hangUp();
  }

  #hangUp(): void {
    this.#outbox.flush();
    this.#state = 'over';
    this.#socket.end();
  }

  #fail(error: unknown): void {
    if (error instanceof LoginRefused && !error.isTold) {
      this.destroy();
    } else if (this.#state === 'closing') {
      // Nothing it sends can be understood any more; to cut it off now could cost it the close it has not read yet.
      this.#hangUp();
    } else {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    if (!(error instanceof AmqpError)) console.error(error);
    this.#close(error instanceof AmqpError ? error : new AmqpError('INTERNAL_ERROR', 'the broker failed'));
  }

  #close(error: AmqpError): void {
    this.#release();
    this.#outbox.send(0, 'connection.close', toClose(error));
    this.#state = 'closing';
    this.#waitForEnd();
  }

  #waitForEnd(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#socket.destroy(), patienceMs).unref();
  }

  /** Gives back what the connection held: deliveries to their queues, exclusive queues to nobody. */
  #release(): void {
    this.#heartbeat?.stop();
    this.#block?.release();
    this.#channels?.close();
    this.#agreement?.vhost.removeQueuesOf(this);
  }

  #dispose(): void {
    clearTimeout(this.#patience);
    if (this.#state !== 'over' && this.#state !== 'closing') this.#release();
    this.#state = 'over';
  }
}

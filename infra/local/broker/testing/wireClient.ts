import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ByteWriter } from '../wire/byteWriter.ts';
import { emptyTable, tableOf, truth } from '../wire/fieldTable.ts';
import { type Frame, FrameReader } from '../wire/frameReader.ts';
import { type Content, frameType, protocolHeader, writeContentFrames, writeMethodFrame } from '../wire/frames.ts';
import { decodeMethod } from '../wire/methodCodec.ts';
import type { FieldsOf, Method, MethodName, MethodOf } from '../wire/methods.ts';

/** A client that speaks frames, for what no library would send. Works on this broker and on RabbitMQ. */
export class WireClient {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  /** Resolves when the server has hung up. */
  readonly ended: Promise<unknown>;
  readonly #reader = new FrameReader();
  #notify = (): void => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    this.ended = once(socket, 'close').catch(() => {});
    this.#reader.maxFrameBytes = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.#reader.feed(chunk)) {
        this.frames.push({ ...frame, payload: Buffer.from(frame.payload) });
      }
      this.#notify();
    });
  }

  /** Connected; nothing is said yet. */
  static async dial(url: string): Promise<WireClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new WireClient(socket);
  }

  /** Connected and open, with these limits. */
  static async open(
    url: string,
    tune: Partial<FieldsOf<'connection.tune-ok'>> = {},
    virtualHost = '/',
  ): Promise<WireClient> {
    const client = await WireClient.dial(url);
    client.write(protocolHeader);
    await client.receive('connection.start');
    client.login('guest', 'guest');
    await client.receive('connection.tune');
    client.send(0, 'connection.tune-ok', { channelMax: 2047, frameMax: 131_072, heartbeat: 0, ...tune });
    client.send(0, 'connection.open', { virtualHost });
    await client.receive('connection.open-ok');
    return client;
  }

  /** An open client with channel 1 open. */
  static async openChannel(url: string, tune: Partial<FieldsOf<'connection.tune-ok'>> = {}): Promise<WireClient> {
    const client = await WireClient.open(url, tune);
    client.send(1, 'channel.open', {});
    await client.receive('channel.open-ok');
    return client;
  }

  login(user: string, password: string, isToldOfFailure = true): void {
    const capabilities = isToldOfFailure
      ? tableOf({
          capabilities: {
            tag: 'F',
            value: tableOf({ authentication_failure_close: truth(true), consumer_cancel_notify: truth(true) }),
          },
        })
      : emptyTable;
    const response = Buffer.from(`\0${user}\0${password}`);
    this.send(0, 'connection.start-ok', {
      clientProperties: capabilities,
      mechanism: 'PLAIN',
      response,
      locale: 'en_US',
    });
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  send<N extends MethodName>(channel: number, name: N, fields: FieldsOf<N>): void {
    this.write(methodFrame(channel, name, fields));
  }

  publish(channel: number, exchange: string, routingKey: string, content: Content, frameMax = 131_072): void {
    this.send(channel, 'basic.publish', { exchange, routingKey, mandatory: false, immediate: false });
    this.write(contentFrames(channel, content, frameMax));
  }

  /** This method, with what comes before it dropped; fails, hanging up, if the server closes the connection instead. */
  async receive<N extends MethodName>(name: N): Promise<MethodOf<N>> {
    for (;;) {
      const method = await this.next();
      if (method.name === name) return method as MethodOf<N>;
      if (method.name === 'connection.close') {
        this.close();
        throw new Error(`connection.close: ${method.replyText}`);
      }
    }
  }

  /** The next method, whatever it is. */
  async next(): Promise<Method> {
    for (;;) {
      const frame = await this.nextFrame();
      if (frame.type === frameType.method) return decodeMethod(frame.payload);
    }
  }

  async nextFrame(): Promise<Frame> {
    for (;;) {
      const frame = this.frames.shift();
      if (frame) return frame;
      if (this.socket.destroyed || this.socket.readableEnded) throw new Error('the server hung up');
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
        void this.ended.then(() => resolve());
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

export function methodFrame<N extends MethodName>(channel: number, name: N, fields: FieldsOf<N>): Buffer {
  const writer = new ByteWriter(1024);
  writeMethodFrame(writer, channel, name, fields);
  return Buffer.concat(writer.take());
}

export function contentFrames(channel: number, content: Content, frameMax: number): Buffer {
  const writer = new ByteWriter(1024);
  writeContentFrames(writer, channel, content, frameMax);
  return Buffer.concat(writer.take());
}

/** A frame with any content, right or wrong. */
export function rawFrame(type: number, channel: number, payload: Buffer, end = 0xce): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([end])]);
}

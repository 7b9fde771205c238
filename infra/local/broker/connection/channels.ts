import { Channel } from '../channel/channel.ts';
import type { ChannelLink } from '../channel/channelLink.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { Frame } from '../wire/frameReader.ts';
import { frameType } from '../wire/frames.ts';
import { decodeMethod, methodId } from '../wire/methodCodec.ts';
import type { Method } from '../wire/methods.ts';
import { toClose } from './toClose.ts';

/** The channels of one connection: opened, closed, and each ended alone by an error of its own. */
export class Channels {
  readonly #link: ChannelLink;
  readonly #channelMax: number;
  readonly #open = new Map<number, Channel>();
  /** Closed by the broker; whatever the client sent before it learned that is discarded. */
  readonly #closing = new Set<number>();

  constructor(link: ChannelLink, channelMax: number) {
    this.#link = link;
    this.#channelMax = channelMax;
  }

  /** Handles a frame of any channel but 0. What it throws ends the connection. */
  onFrame(frame: Frame): void {
    const method = frame.type === frameType.method ? decodeMethod(frame.payload) : undefined;
    if (this.#closing.has(frame.channel)) {
      this.#whileClosing(frame.channel, method);
      return;
    }
    const channel = this.#open.get(frame.channel);
    if (channel === undefined) {
      this.#openChannel(frame.channel, method);
      return;
    }
    if (method?.name === 'channel.open') {
      throw new AmqpError('CHANNEL_ERROR', "second 'channel.open' seen", { methodId: methodId(method.name) });
    }
    if (method?.name === 'channel.close') {
      this.#closedByClient(channel);
      return;
    }
    try {
      if (method) channel.onMethod(method);
      else channel.onContent(frame);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      const refusal = error.about(methodId(channel.lastMethod));
      if (refusal.ends === 'connection') throw refusal;
      this.#closeFor(refusal, channel);
    }
  }

  flush(): void {
    for (const channel of this.#open.values()) channel.flush();
  }

  wake(): void {
    for (const channel of this.#open.values()) channel.consumption.wakeAll();
  }

  close(): void {
    const channels = [...this.#open.values()];
    this.#open.clear();
    // Or what one gives back would be handed to the next, and come back again.
    for (const channel of channels) channel.consumption.stop();
    for (const channel of channels) channel.close();
  }

  #openChannel(number: number, method: Method | undefined): void {
    if (method === undefined) {
      throw new AmqpError('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead');
    }
    if (method.name === 'channel.close-ok') return;
    if (method.name !== 'channel.open') {
      throw new AmqpError('CHANNEL_ERROR', "expected 'channel.open'", { methodId: methodId(method.name) });
    }
    if (this.#channelMax !== 0 && this.#open.size >= this.#channelMax) {
      const text = `number of channels opened (${this.#open.size}) has reached the negotiated channel_max (${this.#channelMax})`;
      throw new AmqpError('NOT_ALLOWED', text);
    }
    this.#open.set(number, new Channel(number, this.#link));
    this.#link.outbox.send(number, 'channel.open-ok', {});
  }

  #closedByClient(channel: Channel): void {
    this.#open.delete(channel.number);
    channel.close();
    channel.send('channel.close-ok', {});
  }

  #closeFor(error: AmqpError, channel: Channel): void {
    this.#open.delete(channel.number);
    this.#closing.add(channel.number);
    channel.send('channel.close', toClose(error));
    channel.close();
  }

  #whileClosing(number: number, method: Method | undefined): void {
    if (method?.name === 'channel.close') this.#link.outbox.send(number, 'channel.close-ok', {});
    else if (method?.name !== 'channel.close-ok') return;
    this.#closing.delete(number);
  }
}

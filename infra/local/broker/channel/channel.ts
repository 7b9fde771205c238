import type { Message } from '../queues/message.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { Frame } from '../wire/frameReader.ts';
import type { Content } from '../wire/frames.ts';
import type { FieldsOf, Method, MethodName, MethodOf } from '../wire/methods.ts';
import type { ChannelLink } from './channelLink.ts';
import { handleMethod } from './channelMethods.ts';
import { Confirms } from './confirms.ts';
import { Consumption } from './consumption.ts';
import { ContentAssembly } from './contentAssembly.ts';
import { type Delivery, putBack } from './deliveries.ts';
import { checkPublish, type Publish, route } from './publication.ts';
import { Transaction, type Verdict } from './transaction.ts';

type Mode =
  | { readonly kind: 'plain' }
  | { readonly kind: 'confirm'; readonly confirms: Confirms }
  | { readonly kind: 'transaction'; readonly transaction: Transaction };

/** One channel: the state that lives and dies with it. What each method does to it is in the `...Handlers` files. */
export class Channel {
  readonly number: number;
  readonly link: ChannelLink;
  readonly consumption: Consumption;
  /** The name of the queue last declared here. */
  lastQueue = '';
  /** What a close for an error says it was about. */
  lastMethod: MethodName = 'channel.open';
  #mode: Mode = { kind: 'plain' };
  #assembly: ContentAssembly | undefined;

  constructor(number: number, link: ChannelLink) {
    this.number = number;
    this.link = link;
    this.consumption = new Consumption(link, {
      deliver: (...delivery) => this.#deliver(...delivery),
      cancel: (consumerTag) => this.send('basic.cancel', { consumerTag, noWait: true }),
    });
  }

  /** Handles a method. What it throws ends this channel or the connection. */
  onMethod(method: Method): void {
    if (this.#assembly) throw this.#assembly.interrupted();
    this.lastMethod = method.name;
    handleMethod(this, method);
  }

  /** Handles a header or body frame. */
  onContent(frame: Frame): void {
    if (this.#assembly === undefined) {
      throw new AmqpError('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead', {
        methodId: [0, 0],
      });
    }
    const content = this.#assembly.onFrame(frame);
    if (content === undefined) return;
    const { method } = this.#assembly;
    this.#assembly = undefined;
    this.#publish(checkPublish(this.link, method, content, this.consumption.replyAddress));
  }

  /** The queue a method means: an empty name stands for the one last declared here, and is a 404 if there is none. */
  queueName(name: string): string {
    if (name !== '') return name;
    if (this.lastQueue === '') throw new AmqpError('NOT_FOUND', 'no previously declared queue');
    return this.lastQueue;
  }

  send<N extends MethodName>(name: N, fields: FieldsOf<N>): void {
    this.flush();
    this.link.outbox.send(this.number, name, fields);
  }

  sendContent(content: Content): void {
    this.link.outbox.sendContent(this.number, content);
  }

  /** Sends the confirms that have gathered. */
  flush(): void {
    if (this.#mode.kind === 'confirm') this.#mode.confirms.flush();
  }

  /** A publish begins: its content follows in frames of its own. */
  expectContent(method: MethodOf<'basic.publish'>): void {
    this.#assembly = new ContentAssembly(method, this.link.options.maxMessageBytes);
    this.link.published();
  }

  /** The client's verdict on one delivery, or on all up to it. */
  settle(tag: number, isMultiple: boolean, verdict: Verdict): void {
    const deliveries = this.consumption.deliveries.take(tag, isMultiple);
    if (this.#mode.kind === 'transaction') this.#mode.transaction.settle(deliveries, verdict);
    else this.#apply(deliveries, verdict);
  }

  /** Everything open goes back to its queue, at once and in order. */
  recover(): void {
    this.#apply(this.consumption.deliveries.takeAll(), 'requeue');
  }

  startConfirms(): void {
    if (this.#mode.kind === 'transaction') {
      throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from tx to confirm mode');
    }
    if (this.#mode.kind === 'confirm') return;
    const send = (deliveryTag: number, isAccepted: boolean, multiple: boolean): void => {
      if (isAccepted) this.link.outbox.send(this.number, 'basic.ack', { deliveryTag, multiple });
      else this.link.outbox.send(this.number, 'basic.nack', { deliveryTag, multiple, requeue: false });
    };
    this.#mode = { kind: 'confirm', confirms: new Confirms(send) };
  }

  startTransaction(): void {
    if (this.#mode.kind === 'confirm') {
      throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from confirm to tx mode');
    }
    if (this.#mode.kind === 'plain') this.#mode = { kind: 'transaction', transaction: new Transaction() };
  }

  /** Does, or forgets, what the transaction held back; the next one begins at once. */
  endTransaction(isCommit: boolean): void {
    if (this.#mode.kind !== 'transaction') {
      throw new AmqpError('PRECONDITION_FAILED', 'channel is not transactional');
    }
    const { publishes, verdicts } = this.#mode.transaction.end();
    if (isCommit) {
      for (const publish of publishes) this.#route(publish);
      for (const { deliveries, verdict } of verdicts) this.#apply(deliveries, verdict);
    } else {
      for (const { deliveries } of verdicts) this.consumption.deliveries.restore(deliveries);
    }
  }

  close(): void {
    if (this.#mode.kind === 'transaction') this.endTransaction(false);
    this.consumption.close();
  }

  #publish(publish: Publish): void {
    switch (this.#mode.kind) {
      case 'plain':
        this.#route(publish);
        return;
      case 'transaction':
        this.#mode.transaction.publish(publish);
        return;
      case 'confirm': {
        const isAccepted = this.#route(publish);
        this.#mode.confirms.settle(isAccepted);
        this.link.outbox.schedule();
        return;
      }
    }
  }

  /** Whether no queue refused it. A mandatory message that reaches none goes back to its publisher first. */
  #route(publish: Publish): boolean {
    const outcome = route(this.link, publish);
    if (outcome === 'unroutable' && publish.isMandatory) {
      const { exchange, routingKey } = publish.message;
      this.send('basic.return', { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey });
      this.sendContent(publish.message);
    }
    return outcome !== 'rejected';
  }

  #apply(deliveries: readonly Delivery[], verdict: Verdict): void {
    if (verdict === 'requeue') putBack(deliveries, 'requeued');
    if (verdict === 'reject') for (const { queue, queued } of deliveries) queue.reject(queued);
    this.consumption.release(deliveries);
  }

  #deliver(consumerTag: string, deliveryTag: number, redelivered: boolean, message: Message): void {
    const { exchange, routingKey } = message;
    this.send('basic.deliver', { consumerTag, deliveryTag, redelivered, exchange, routingKey });
    this.sendContent(message);
  }
}

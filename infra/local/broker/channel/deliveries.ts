import type { ReturnCause } from '../queues/places.ts';
import type { Queue } from '../queues/queue.ts';
import type { QueuedMessage } from '../queues/queuedMessage.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { ChannelConsumer } from './channelConsumer.ts';

/** A message that was given to the client and waits for its verdict. */
export interface Delivery {
  readonly tag: number;
  readonly queue: Queue;
  readonly queued: QueuedMessage;
  /** Undefined for a `basic.get`. */
  readonly consumer: ChannelConsumer | undefined;
}

/** The unsettled deliveries of one channel, by tag, in the order they were made. */
export class Deliveries {
  readonly #byTag = new Map<number, Delivery>();
  #lastTag = 0;

  get count(): number {
    return this.#byTag.size;
  }

  nextTag(): number {
    this.#lastTag += 1;
    return this.#lastTag;
  }

  add(delivery: Delivery): void {
    this.#byTag.set(delivery.tag, delivery);
  }

  /** Opens again what a transaction had settled and then rolled back. */
  restore(deliveries: readonly Delivery[]): void {
    const all = [...this.takeAll(), ...deliveries].sort((left, right) => left.tag - right.tag);
    for (const delivery of all) this.add(delivery);
  }

  /** Takes out what a verdict is about; 406 if the tag itself is not open. Tag 0 with `multiple` means all. */
  take(tag: number, isMultiple: boolean): Delivery[] {
    if (isMultiple && tag === 0) return this.takeAll();
    const named = this.#byTag.get(tag);
    if (named === undefined) throw new AmqpError('PRECONDITION_FAILED', `unknown delivery tag ${tag}`);
    if (!isMultiple) {
      this.#byTag.delete(tag);
      return [named];
    }
    const taken: Delivery[] = [];
    for (const [each, delivery] of this.#byTag) {
      if (each > tag) break;
      taken.push(delivery);
      this.#byTag.delete(each);
    }
    return taken;
  }

  takeAll(): Delivery[] {
    const all = [...this.#byTag.values()];
    this.#byTag.clear();
    return all;
  }
}

/** Gives messages back to the queues they came from, each queue's at once so that their order holds. */
export function putBack(deliveries: readonly Delivery[], cause: ReturnCause): void {
  const byQueue = Map.groupBy(deliveries, (delivery) => delivery.queue);
  for (const [queue, list] of byQueue) {
    const returned = list.map((delivery) => delivery.queued);
    queue.putBack(returned, cause);
  }
}

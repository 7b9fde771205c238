import { Measurements } from './measurements.ts';
import type { Message } from './message.ts';

/** One client that takes a group's messages, at most `slots` unsettled at a time. */
export class Consumer {
  readonly slots: number;
  readonly from: string;
  readonly userName: string;
  readonly connectionName: string;
  readonly inFlight = new Map<string, Message>();
  readonly measurements = new Measurements();
  readonly #deliver: (message: Message) => void;
  readonly #isReady: () => boolean;
  readonly #drop: () => void;

  constructor(options: {
    readonly slots: number;
    readonly from: string;
    readonly userName: string;
    readonly connectionName: string;
    deliver(message: Message): void;
    /** Whether the connection takes more: who doesn't read is sent no more than it buffers, whatever its slots. */
    isReady(): boolean;
    drop(): void;
  }) {
    this.slots = options.slots;
    this.from = options.from;
    this.userName = options.userName;
    this.connectionName = options.connectionName;
    this.#deliver = (message) => options.deliver(message);
    this.#isReady = () => options.isReady();
    this.#drop = () => options.drop();
  }

  get freeSlots(): number {
    return this.slots - this.inFlight.size;
  }

  get takesMore(): boolean {
    return this.freeSlots > 0 && this.#isReady();
  }

  give(message: Message): void {
    this.inFlight.set(message.id, message);
    this.#deliver(message);
  }

  /** Ends the client's call: the group was updated, deleted or restarted. */
  drop(): void {
    this.#drop();
  }
}

import type { BindingDeclaration, ExchangeDeclaration, QueueDeclaration } from '../topology.ts';
import type { PolicyDeclaration } from './brokerPolicies.ts';
import type { Permissions } from './brokerUsers.ts';

export interface BrokerUser {
  readonly name: string;
  /** RabbitMQ's salted hash, base64; see passwords.ts. */
  readonly passwordHash: string;
  /** Such as `administrator`; those of our own are in brokerUsers.ts. In no order. */
  readonly tags: readonly string[];
  /** In this virtual host; undefined: it may not even connect to it. */
  readonly permissions: Permissions | undefined;
}

/** What is there in one virtual host; the broker's own exchanges and bindings left out. */
export interface BrokerState {
  /** Such as 4.2.1. */
  readonly version: string;
  /** The user that asks. */
  readonly administrator: string;
  readonly hasVirtualHost: boolean;
  readonly exchanges: readonly (Omit<ExchangeDeclaration, 'type'> & { readonly type: string })[];
  readonly queues: readonly QueueDeclaration[];
  readonly bindings: readonly BindingDeclaration[];
  readonly users: readonly BrokerUser[];
  readonly policies: readonly BrokerPolicy[];
}

/** A policy that is there, whoever made it. */
export interface BrokerPolicy extends Omit<PolicyDeclaration, 'applyTo' | 'definition'> {
  /** Such as `queues`, `quorum_queues`, `all`. */
  readonly applyTo: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface QueueDepth {
  /** Messages that are ready to be read. */
  readonly messages: number;
  /** Who reads it; of a quorum queue also who has a message of it in his hands. */
  readonly consumers: number;
}

/** Messages by queue. */
export type Counts = ReadonlyMap<string, number>;

/** One change. Repeated, each changes nothing. */
export type BrokerChange =
  | { readonly kind: 'create-virtual-host' }
  | { readonly kind: 'declare-exchange'; readonly exchange: ExchangeDeclaration }
  | { readonly kind: 'declare-queue'; readonly queue: QueueDeclaration }
  | { readonly kind: 'bind'; readonly binding: BindingDeclaration }
  | { readonly kind: 'unbind'; readonly binding: BindingDeclaration }
  | { readonly kind: 'delete-queue'; readonly queue: string }
  /** Whatever tags it had, afterwards it has these. */
  | {
      readonly kind: 'put-user';
      readonly name: string;
      readonly passwordHash: string;
      readonly tags: readonly string[];
      /** For a broker that takes no hash. A function: so no log line of a change has it. */
      readonly password: () => string;
    }
  | { readonly kind: 'permit'; readonly user: string; readonly permissions: Permissions }
  | { readonly kind: 'put-policy'; readonly policy: PolicyDeclaration };

/** What takes messages from a queue's head, or as many as there are. At least once, and nothing is lost in between. */
export type MessageMove =
  /** As many as lie there at the start, each to the exchange `redeliveries`. */
  | { readonly kind: 'move-messages'; readonly queue: string; readonly consumer: string }
  | PublishAgain
  /** Those that have come back from `round` are deleted; others go round again as well, instead of being taken for them. */
  | (Omit<PublishAgain, 'kind'> & { readonly kind: 'delete-returned' });

/** Each to the exchange `exchange` with the routing key that it came with, in their order. */
interface PublishAgain {
  readonly kind: 'publish-again';
  readonly queue: string;
  readonly exchange: string;
  readonly count: number;
  /** Of this going round and no other: each message bears it from then on, in its header `round`. */
  readonly round: string;
}

/** Whether there is time for more. */
export type HasTime = () => boolean;

/** A broker and one of its virtual hosts, with an administrator's rights. Contract: brokerAdmin.contract.ts. */
export interface BrokerAdmin {
  /** @throws Fault broker/unavailable, as every operation here; broker/refused when it says no */
  readState(): Promise<BrokerState>;
  /** Exactly as many as there are at this moment; undefined when there is no such queue. */
  readDepth(queue: string): Promise<QueueDepth | undefined>;
  /**
   * All messages of each queue, also those that `readDepth` does not see: that somebody has in his hands, and those that
   * have expired, for as long as the queue which they go to has not taken them. Nothing of a queue of which the broker can't
   * tell. `lately`: as it was in the last seconds; `now`: as it is at some moment after the call, which takes seconds.
   */
  countAll(queues: readonly string[], when: 'lately' | 'now'): Promise<Counts>;
  /** The routing keys of the first messages, `limit` and 25 at most, as they were published; the messages stay where they are. */
  readRoutingKeys(queue: string, limit: number): Promise<readonly string[]>;
  apply(change: BrokerChange): Promise<void>;
  /**
   * Ends early when there is no time for more, which is asked before each handful of messages; one of them takes 10 s at most
   * on a broker that confirms nothing.
   *
   * @returns how many left the queue; of `delete-returned`, how many it has deleted
   */
  move(move: MessageMove, hasTime?: HasTime): Promise<number>;
  /**
   * Does `work` while nobody else does `work` on this virtual host, which has to be there.
   *
   * @throws Fault broker/unavailable while somebody else is at it
   */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
}

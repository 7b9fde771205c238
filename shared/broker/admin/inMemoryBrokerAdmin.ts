import { Fault } from '../../kernel/fault.ts';
import { exchanges, unroutedQueue } from '../topology.ts';
import type { BrokerAdmin, BrokerChange, BrokerState, MessageMove, QueueDepth } from './brokerAdmin.ts';

/** A broker that remembers what it is told; what is in its queues, and who reads them, is the caller's to say. */
export interface InMemoryBrokerAdmin extends BrokerAdmin {
  /** How many messages are in `unrouted` is not told by it. */
  readonly depths: Map<string, QueueDepth>;
  /** Messages that have expired in a queue and that no queue has taken yet; undefined: it is not told what it holds in all. */
  readonly expired: Map<string, number | undefined>;
  /** Changes and moves, in their order. */
  readonly applied: readonly (BrokerChange | MessageMove)[];
  /** A message on `order-events`, to the queues that are bound for its routing key, or to `unrouted`. */
  publish(routingKey: string): void;
}

const all = { configure: '.*', write: '.*', read: '.*' };

const empty: BrokerState = {
  version: '4.2.1',
  administrator: 'admin',
  hasVirtualHost: false,
  exchanges: [],
  queues: [],
  bindings: [],
  users: [{ name: 'admin', passwordHash: '', tags: ['administrator'], permissions: undefined }],
  policies: [],
};

const isBoundFor = (pattern: string, key: string): boolean => {
  const form = pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]*').replaceAll('#', '.*');
  return new RegExp(`^${form}$`).test(key);
};

export function createInMemoryBrokerAdmin(start: Partial<BrokerState> = {}): InMemoryBrokerAdmin {
  let state: BrokerState = { ...empty, ...start };
  const depths = new Map<string, QueueDepth>();
  const expired = new Map<string, number | undefined>();
  const applied: (BrokerChange | MessageMove)[] = [];
  const unrouted: { readonly key: string; readonly round?: string | undefined }[] = [];
  let isBusy = false;
  const isAlike = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  const put = <Item extends { readonly name: string }>(items: readonly Item[], item: Item): readonly Item[] => [
    ...items.filter(({ name }) => name !== item.name),
    item,
  ];

  const none: QueueDepth = { messages: 0, consumers: 0 };
  const isThere = (queue: string): boolean => state.queues.some(({ name }) => name === queue);
  const isUnrouted = (queue: string): boolean => queue === unroutedQueue && isThere(queue);
  const depthOf = (queue: string): QueueDepth =>
    isUnrouted(queue) ? { ...(depths.get(queue) ?? none), messages: unrouted.length } : (depths.get(queue) ?? none);
  /** Those of `unrouted`; what is in another queue has no routing key here. */
  const keysOf = (queue: string): readonly string[] => {
    if (isUnrouted(queue)) return unrouted.map(({ key }) => key);
    if (depthOf(queue).messages === 0) return [];
    throw new Error(`nobody knows the routing keys in '${queue}'`);
  };

  function publish(routingKey: string, exchange: string, round?: string): void {
    const bound = state.bindings.filter((it) => it.exchange === exchange && isBoundFor(it.key, routingKey));
    if (bound.length === 0) {
      if (exchange !== exchanges.events) throw new Fault('broker/unavailable', `no queue takes '${routingKey}'`);
      if (isUnrouted(unroutedQueue)) unrouted.push({ key: routingKey, round });
    }
    for (const queue of new Set(bound.map((it) => it.queue))) {
      const { messages, consumers } = depthOf(queue);
      depths.set(queue, { messages: messages + 1, consumers });
    }
  }

  /** One message from a queue's head, if there is one. */
  function take(queue: string): void {
    if (isUnrouted(queue)) return void unrouted.shift();
    const { messages, consumers } = depthOf(queue);
    depths.set(queue, { messages: Math.max(0, messages - 1), consumers });
  }

  /** Whether it counts. */
  function moveOne(move: MessageMove): boolean {
    const { queue, kind } = move;
    const isOver = kind === 'move-messages' || (kind === 'delete-returned' && unrouted[0]?.round === move.round);
    const [key] = isOver ? [] : keysOf(queue);
    if (!isOver && key !== undefined) publish(key, move.exchange, move.round);
    take(queue);
    return isOver || kind === 'publish-again';
  }

  function apply(change: BrokerChange): void {
    switch (change.kind) {
      case 'create-virtual-host':
        state = { ...state, hasVirtualHost: true };
        apply({ kind: 'permit', user: state.administrator, permissions: all });
        return;
      case 'declare-exchange':
        state = { ...state, exchanges: put(state.exchanges, change.exchange) };
        return;
      case 'declare-queue':
        state = { ...state, queues: put(state.queues, change.queue) };
        return;
      case 'bind':
        state = {
          ...state,
          bindings: [...state.bindings.filter((it) => !isAlike(it, change.binding)), change.binding],
        };
        return;
      case 'unbind':
        state = { ...state, bindings: state.bindings.filter((it) => !isAlike(it, change.binding)) };
        return;
      case 'delete-queue':
        state = {
          ...state,
          queues: state.queues.filter(({ name }) => name !== change.queue),
          bindings: state.bindings.filter(({ queue }) => queue !== change.queue),
        };
        depths.delete(change.queue);
        expired.delete(change.queue);
        if (change.queue === unroutedQueue) unrouted.length = 0;
        return;
      case 'put-user': {
        const permissions = state.users.find(({ name }) => name === change.name)?.permissions;
        const { name, passwordHash, tags } = change;
        state = { ...state, users: put(state.users, { name, passwordHash, tags, permissions }) };
        return;
      }
      case 'permit':
        state = {
          ...state,
          users: state.users.map((user) =>
            user.name === change.user ? { ...user, permissions: change.permissions } : user,
          ),
        };
        return;
      case 'put-policy':
        state = { ...state, policies: put(state.policies, change.policy) };
    }
  }

  return {
    depths,
    expired,
    applied,
    publish: (routingKey) => publish(routingKey, exchanges.events),
    readState: async () => state,
    readDepth: async (queue) => (isThere(queue) ? depthOf(queue) : undefined),
    countAll: async (queues) =>
      new Map(
        queues.flatMap((queue) => {
          const gone = expired.has(queue) ? expired.get(queue) : 0;
          return gone === undefined || !isThere(queue) ? [] : [[queue, gone + depthOf(queue).messages] as const];
        }),
      ),
    readRoutingKeys: async (queue, limit) => keysOf(queue).slice(0, limit),
    exclusively: async (work) => {
      if (isBusy) throw new Fault('broker/unavailable', 'somebody else changes the topology just now');
      isBusy = true;
      return work().finally(() => {
        isBusy = false;
      });
    },
    apply: async (change) => {
      applied.push(change);
      apply(change);
    },
    move: async (move, hasTime = () => true) => {
      applied.push(move);
      const { messages } = depthOf(move.queue);
      const count = move.kind === 'move-messages' ? messages : Math.min(messages, move.count);
      let counted = 0;
      for (let taken = 0; taken < count && hasTime(); taken += 1) counted += moveOne(move) ? 1 : 0;
      return counted;
    },
  };
}

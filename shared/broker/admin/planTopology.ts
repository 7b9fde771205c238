import { isDeepStrictEqual } from 'node:util';
import { type BindingDeclaration, type ConsumerTopology, type Declarations, declareTopology } from '../topology.ts';
import type { BrokerChange, BrokerState } from './brokerAdmin.ts';
import { policiesFor } from './brokerPolicies.ts';
import { type BrokerRole, permissionsOf, tagsOf } from './brokerUsers.ts';
import { findMissed } from './missed.ts';
import { hashPassword, isPasswordOf } from './passwords.ts';
import { parseQueueName, type QueueName } from './queueNames.ts';
import { findStrange } from './strangeQueues.ts';

/** Name and password of each role's user; a role that is missing is left as it is. */
export type BrokerCredentials = Readonly<
  Partial<Record<BrokerRole, { readonly username: string; readonly password: string }>>
>;

export interface WantedTopology {
  readonly consumers: readonly ConsumerTopology[];
  /** Names of consumers that are no more, whose queues are to go. */
  readonly retiredConsumers?: readonly string[];
  readonly credentials: BrokerCredentials;
  /** 4 random bytes for a password's hash. */
  readonly newSalt: () => Buffer;
}

/**
 * A queue that is not as wanted. Wanted all the same: it has other arguments, and only deleting it and declaring it anew
 * helps. Otherwise it is retired (fewer partitions, other delays, a consumer that is no more) and unbound by the changes.
 */
export type OutdatedQueue = QueueName & { readonly isWanted: boolean };

export interface TopologyPlan {
  /** What makes the virtual host and lets the administrator in; before anything else, since the rest is done in there. */
  readonly entry: readonly BrokerChange[];
  /** In an order in which at each moment every message has somewhere to go. */
  readonly changes: readonly BrokerChange[];
  readonly outdated: readonly OutdatedQueue[];
  /** What has to be put right by hand before anything is changed. */
  readonly problems: readonly string[];
  /** Queues that are none of the topology's and get messages of ours; see strangeQueues.ts. */
  readonly strange: readonly QueueName[];
  /** Consumers that were not told of events, and what helps; see missed.ts. */
  readonly missed: readonly string[];
  /** What is there and none of ours: left alone. */
  readonly notes: readonly string[];
}

const keyOf = ({ exchange, queue, key }: BindingDeclaration): string => JSON.stringify([exchange, queue, key]);

/** What has to change on a broker so that it is as wanted: nothing, if it is so already. Deletes nothing by itself. */
export function planTopology(wanted: WantedTopology, state: BrokerState): TopologyPlan {
  const declared = declareTopology(wanted.consumers);
  const names = new Set([...wanted.consumers.map(({ name }) => name), ...(wanted.retiredConsumers ?? [])]);
  const queuesThere = new Map(state.queues.map((queue) => [queue.name, queue]));
  const wantedQueues = new Set(declared.queues.map(({ name }) => name));
  const ours = new Set(declared.exchanges.map(({ name }) => name));

  const unknown = state.queues.filter(({ name }) => !wantedQueues.has(name)).map(({ name }) => parseQueueName(name));
  const retired = unknown.filter(({ consumer }) => consumer !== undefined && names.has(consumer));
  const retiredNames = new Set(retired.map(({ name }) => name));
  const differing = declared.queues.filter(({ name, arguments: args }) => {
    const there = queuesThere.get(name);
    return there !== undefined && !isDeepStrictEqual(there.arguments, args);
  });

  const wantedBindings = new Set(declared.bindings.map(keyOf));
  const bindingsThere = new Set(state.bindings.map(keyOf));
  const isOurs = ({ exchange, queue }: BindingDeclaration): boolean =>
    ours.has(exchange) && (wantedQueues.has(queue) || retiredNames.has(queue));

  const changes: readonly BrokerChange[] = [
    // Before the queues: where a queue's leader stands is decided when it is declared.
    ...policiesFor(state.version)
      .filter((policy) => !state.policies.some((there) => isDeepStrictEqual(there, policy)))
      .map((policy) => ({ kind: 'put-policy', policy }) as const),
    ...declared.exchanges
      .filter(({ name }) => !state.exchanges.some((there) => there.name === name))
      .map((exchange) => ({ kind: 'declare-exchange', exchange }) as const),
    ...declared.queues
      .filter(({ name }) => !queuesThere.has(name))
      .map((queue) => ({ kind: 'declare-queue', queue }) as const),
    ...declared.bindings
      .filter((binding) => !bindingsThere.has(keyOf(binding)))
      .map((binding) => ({ kind: 'bind', binding }) as const),
    // After the new ones are bound: for a moment a message goes both ways, and never nowhere.
    ...state.bindings
      .filter((binding) => isOurs(binding) && !wantedBindings.has(keyOf(binding)))
      .map((binding) => ({ kind: 'unbind', binding }) as const),
    ...planUsers(wanted, state),
  ];
  const strangers = unknown.filter(({ name }) => !retiredNames.has(name)).map(({ name }) => name);
  return {
    entry: planEntry(state),
    changes,
    outdated: [
      ...retired.map((queue) => ({ ...queue, isWanted: false })),
      ...differing.map(({ name }) => ({ ...parseQueueName(name), isWanted: true })),
    ],
    problems: [...findProblems(declared, state), ...findContradictions(wanted, state)],
    strange: findStrange(strangers, state),
    missed: findMissed(wanted.consumers, state),
    notes: findNotes(retired, wanted, state),
  };
}

const isSame = (tags: readonly string[], others: readonly string[]): boolean =>
  isDeepStrictEqual(new Set(tags), new Set(others));

/**
 * RabbitMQ lets the maker of a virtual host into it, but only after that runs on each node: whoever was cut off until then
 * is an administrator who may declare nothing.
 */
function planEntry({ hasVirtualHost, administrator, users }: BrokerState): readonly BrokerChange[] {
  const all = { configure: '.*', write: '.*', read: '.*' };
  // One whom the broker knows from elsewhere has no rights in its own list.
  const isShutOut = users.some(
    ({ name, permissions }) => name === administrator && !isDeepStrictEqual(permissions, all),
  );
  return [
    ...(hasVirtualHost ? [] : [{ kind: 'create-virtual-host' } as const]),
    ...(isShutOut ? [{ kind: 'permit', user: administrator, permissions: all } as const] : []),
  ];
}

function planUsers({ credentials, newSalt }: WantedTopology, { users }: BrokerState): readonly BrokerChange[] {
  return Object.entries(credentials).flatMap(([role, { username: name, password }]) => {
    const there = users.find((user) => user.name === name);
    const [permissions, tags] = [permissionsOf[role as BrokerRole], tagsOf[role as BrokerRole]];
    const isAsWanted = there && isSame(there.tags, tags) && isPasswordOf(password, there.passwordHash);
    return [
      ...(isAsWanted
        ? []
        : [
            {
              kind: 'put-user',
              name,
              passwordHash: hashPassword(password, newSalt()),
              password: () => password,
              tags,
            } as const,
          ]),
      ...(isDeepStrictEqual(there?.permissions, permissions)
        ? []
        : [{ kind: 'permit', user: name, permissions } as const]),
    ];
  });
}

function findProblems(declared: Declarations, state: BrokerState): readonly string[] {
  return declared.exchanges.flatMap(({ name, type, arguments: args }) => {
    const there = state.exchanges.find((exchange) => exchange.name === name);
    if (!there || isDeepStrictEqual({ type, args }, { type: there.type, args: there.arguments })) return [];
    const has = `${there.type} ${JSON.stringify(there.arguments)}`;
    const remedy = 'stop what publishes to it, delete it, apply again';
    return [`exchange '${name}' is ${has}, expected ${type} ${JSON.stringify(args)}: ${remedy}`];
  });
}

/** What would take away from the administrator, or from a consumer, what it needs. */
function findContradictions(
  { consumers, retiredConsumers = [], credentials }: WantedTopology,
  { administrator }: BrokerState,
): readonly string[] {
  return [
    ...Object.entries(credentials)
      .filter(([, { username }]) => username === administrator)
      .map(([role]) => `user '${administrator}' is the administrator and can't be the user of ${role}: name another`),
    ...consumers
      .filter(({ name }) => retiredConsumers.includes(name))
      .map(({ name }) => `consumer '${name}' is in the topology and can't be retired: take it out first`),
  ];
}

function findNotes(
  retired: readonly QueueName[],
  { credentials, retiredConsumers = [] }: WantedTopology,
  { administrator, users, policies, version }: BrokerState,
): readonly string[] {
  const known = new Set([administrator, ...Object.values(credentials).map(({ username }) => username)]);
  const policyNames = new Set(policiesFor(version).map(({ name }) => name));
  return [
    ...retiredConsumers
      .filter((name) => !retired.some(({ consumer }) => consumer === name))
      .map((name) => `consumer '${name}' has no queues here`),
    ...users
      .filter(({ name, permissions }) => permissions && !known.has(name))
      .map(({ name }) => `user '${name}' may use this virtual host and is none of ours`),
    ...policies
      .filter(({ name, applyTo }) => !policyNames.has(name) && applyTo !== 'exchanges')
      .map(({ name }) => `policy '${name}' is none of ours; of several that match a queue the highest applies alone`),
  ];
}

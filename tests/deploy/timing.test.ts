/** Times and sizes that have to fit each other, wherever they stand. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { batchSize } from '../../infra/aws/mappings.ts';
import { retryDelaysMs, shortestDelayMs } from '../../shared/broker/retryDelays.ts';
import { consumers, feedingQueues } from '../../shared/broker/topology.ts';
import { maxBodyBytes } from '../../shared/http/request.ts';
import { leaseTiming } from '../../shared/relay/lease.ts';

interface Entry {
  readonly handler: string;
  readonly events?: string | readonly object[];
  readonly timeout?: number;
  readonly reservedConcurrency?: number;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAge?: number;
}
interface Service {
  readonly provider: { readonly timeout: number };
  readonly functions: Readonly<Record<string, Entry>>;
}

const load = (path: string): unknown => parse(readFileSync(path, 'utf8'), { merge: true });
const { provider, functions } = load('serverless.yml') as Service;
const stages = load('infra/aws/stages.yml') as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const relay = load('infra/aws/relay.yml') as {
  readonly Resources: {
    readonly RelayTask: {
      readonly Properties: { readonly ContainerDefinitions: readonly Readonly<Record<string, unknown>>[] };
    };
  };
};

/** A number where the code keeps it to itself. */
function numberIn(path: string, name: string): number {
  const found = new RegExp(`\\b${name}(?: =|:) ([\\d_]+)`).exec(readFileSync(path, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${path} has no ${name}`);
  return Number(found.replaceAll('_', ''));
}
const timeoutMsOf = (name: string): number => (functions[name]?.timeout ?? provider.timeout) * 1_000;
const area = (which: RegExp): readonly string[] =>
  Object.entries(functions).flatMap(([name, { handler }]) => (which.test(handler) ? [name] : []));

const storeMs = numberIn('shared/store/esdbEventStore.ts', 'defaultTimeoutMs');
const tableMs =
  3 *
  (numberIn('shared/config/dynamoClient.ts', 'connectionTimeout') +
    numberIn('shared/config/dynamoClient.ts', 'requestTimeout'));
/** A secret, asked for three times at most. */
const secretMs =
  3 *
  (numberIn('shared/config/awsSecrets.ts', 'connectionTimeout') +
    numberIn('shared/config/awsSecrets.ts', 'requestTimeout'));
/** The slowest of those that a reaction waits for outside. */
const outsideMs = Math.max(
  numberIn('shared/effects/httpPayments.ts', 'defaultTimeoutMs'),
  numberIn('shared/effects/stripePayments.ts', 'timeoutMs'),
  numberIn('shared/effects/httpParcels.ts', 'defaultTimeoutMs'),
  numberIn('shared/effects/sesMail.ts', 'timeoutMs'),
);
const drainMs = numberIn('shared/relay/relay.ts', 'drainMs');
const reserveMs = numberIn('functions/relay/relayEvents/handler.ts', 'reserveMs');

/** Amazon MQ's own, at which it ends a channel that does not acknowledge. */
const brokerConsumerTimeoutMs = 1_800_000;
/** What Lambda's mapping waits for more when no window is given. */
const windowMs = 500;
/** Amazon MQ's, by size: connections that a broker takes, per node. */
const maxConnections: Readonly<Record<string, number>> = { 'mq.m7g.medium': 100, 'mq.m7g.large': 500 };

describe('functions behind the API', () => {
  const names = area(/^functions\/(http|operate)\//).filter(
    (name) => Array.isArray(functions[name]?.events) && 'httpApi' in (functions[name].events[0] ?? {}),
  );
  test.each(names)('%s answers before API Gateway gives up, whatever is silent', (name) => {
    expect(timeoutMsOf(name)).toBeLessThanOrEqual(29_000);
    // One look at the tables, a read and an append.
    expect(timeoutMsOf(name)).toBeGreaterThan(tableMs + 2 * storeMs);
  });
});

describe('consumers', () => {
  const names = area(/^functions\/(react|project)\//);

  test.each(names)(
    '%s ends within what Lambda allows a mapping, and before the broker takes its messages back',
    (name) => {
      expect(timeoutMsOf(name)).toBeLessThanOrEqual(14 * 60_000);
      expect(timeoutMsOf(name) + windowMs).toBeLessThan(brokerConsumerTimeoutMs / 2);
      // Its cursor, what it reads, what it asks outside, what it appends, its cursor again.
      expect(timeoutMsOf(name)).toBeGreaterThan(2 * tableMs + 2 * storeMs + outsideMs);
    },
  );

  test('retries come later and later, the first after more than a batch takes to come again', () => {
    expect(retryDelaysMs.toSorted((a, b) => a - b)).toEqual([...retryDelaysMs]);
    expect(shortestDelayMs).toBeGreaterThan(windowMs);
  });

  test('an event has its time within an invocation, and what came of it is written before that ends', () => {
    for (const name of names) {
      const text = readFileSync(functions[name]?.handler.replace('.handler', '.ts') ?? '', 'utf8');
      const limitMs = Number(/timeLimitMs: ([\d_]+)/.exec(text)?.[1]?.replaceAll('_', '') ?? 15_000);
      expect(limitMs + numberIn('shared/broker/timeLeft.ts', 'reserveMs')).toBeLessThan(timeoutMsOf(name));
    }
    // A hint or a dead letter that the broker does not take is given up before that.
    expect(numberIn('shared/broker/timeLeft.ts', 'reserveMs')).toBeGreaterThan(
      numberIn('shared/broker/amqpPublisher.ts', 'limitMs'),
    );
  });

  test('a mail is claimed for longer than sending it may take, and shorter than until it is tried again', () => {
    const leaseMs = numberIn('functions/react/mailCustomerOnProgress/handler.ts', 'leaseMs');
    expect(leaseMs).toBeGreaterThan(numberIn('shared/effects/sesMail.ts', 'timeoutMs'));
    expect(leaseMs).toBeLessThan(timeoutMsOf('mailCustomerOnProgress'));
  });

  test('a message fits into the broker and into an invocation, with room for what is around it', () => {
    // A body is kept below Amazon MQ's 512 KiB and, in base64, below the 6 MB of an invocation.
    expect(4 * maxBodyBytes).toBeLessThan(524_288);
    expect(batchSize).toBeLessThanOrEqual(10_000);
  });
});

test('the sweep runs alone, and is not made up for', () => {
  const { reservedConcurrency, maximumRetryAttempts } = functions['sweepStreams'] ?? {};
  expect([reservedConcurrency, maximumRetryAttempts]).toEqual([1, 0]);
  // The next run begins as this one is cut off at the latest.
  expect(timeoutMsOf('sweepStreams')).toBeLessThanOrEqual(60_000);
  // The last queue has as long as all before it together.
  expect(2 * numberIn('shared/broker/sweepStreams.ts', 'tidyingMs')).toBeLessThan(timeoutMsOf('sweepStreams'));
});

test('the queues are measured by one at a time, which has given up before the next minute', () => {
  const { reservedConcurrency, maximumRetryAttempts, maximumEventAge } = functions['measureQueues'] ?? {};
  expect([reservedConcurrency, maximumRetryAttempts, maximumEventAge]).toEqual([1, 0, 60]);
  expect(timeoutMsOf('measureQueues')).toBeLessThan(60_000);
  // The secret and one answer.
  expect(timeoutMsOf('measureQueues')).toBeGreaterThan(
    secretMs + numberIn('shared/broker/admin/httpManagement.ts', 'usualMs'),
  );
});

describe('the relay as a function', () => {
  const { timeout, reservedConcurrency, maximumRetryAttempts, maximumEventAge } = functions['relayEvents'] ?? {};

  test('runs as long as Lambda allows, and ends in order before that', () => {
    expect(timeout).toBe(900);
    // It waits for its confirms, writes its checkpoint and gives back its lease.
    expect(reserveMs).toBeGreaterThan(drainMs + leaseTiming.renewMs);
  });

  test('has a standby at every moment, and no run is made up for', () => {
    expect(reservedConcurrency).toBe(2);
    expect([maximumRetryAttempts, maximumEventAge]).toEqual([0, 60]);
  });

  test('a holder stops before a standby takes over', () => {
    expect(leaseTiming.renewMs).toBeLessThan(leaseTiming.safeMs);
    expect(leaseTiming.safeMs).toBeLessThan(leaseTiming.takeOverMs);
  });
});

test('the relay as a container has time to end in order', () => {
  const [container] = relay.Resources.RelayTask.Properties.ContainerDefinitions;
  expect(Number(container?.['StopTimeout']) * 1_000).toBeGreaterThan(drainMs + leaseTiming.takeOverMs);
  expect(Number(container?.['StopTimeout'])).toBeLessThanOrEqual(120);
});

test('a relay that waits for silent servers as long as it does still goes round in time for its container', () => {
  const turnMs = storeMs + 2 * tableMs + drainMs + numberIn('shared/relay/relay.ts', 'maxMs');
  expect(numberIn('shared/relay/health.ts', 'maxTurnMs')).toBeGreaterThan(turnMs);
});

test('the deploy step has all the time that there is, and is not tried again behind anybody', () => {
  expect(functions['applyTopology']).toMatchObject({ timeout: 900, maximumRetryAttempts: 0 });
});

describe('what the deploy step keeps of its time', () => {
  const keptMs = numberIn('functions/deploy/applyTopology/handler.ts', 'reserveMs');
  const management = 'shared/broker/admin/httpManagement.ts';
  const answerMs = numberIn('shared/config/httpStackAnswer.ts', 'timeoutMs');

  test('is enough for a last try that ends at a virtual host that hangs, and for CloudFormation to hear of it', () => {
    // Secrets of the users, then of the administrator; what is there; the virtual host.
    const tryMs = 2 * secretMs + numberIn(management, 'usualMs') + numberIn(management, 'virtualHostMs');
    expect(keptMs).toBeGreaterThanOrEqual(tryMs + answerMs);
  });

  test('is enough for the messages that are under way when no more may be sent round', () => {
    const queues = 'shared/broker/admin/amqpQueues.ts';
    // A client counts a server as gone after two to three intervals without a word.
    const silentMs = 3 * 1_000 * numberIn(queues, 'heartbeatS');
    const confirmMs = numberIn('shared/broker/admin/amqpMoves.ts', 'confirmMs');
    expect(keptMs).toBeGreaterThan(numberIn(queues, 'timeoutMs') + silentMs + confirmMs + answerMs);
  });
});

test('a freeze is noticed before the servers have given up the connection', () => {
  const frozenMs = numberIn('shared/kernel/freezes.ts', 'frozenMs');
  // EventStoreDB pings every 10 s and waits as long for the answer.
  expect(frozenMs).toBeLessThan(20_000);
  expect(frozenMs).toBeGreaterThan(numberIn('shared/kernel/freezes.ts', 'tickMs') * 5);
});

test.each(['dev', 'staging', 'prod'])('the broker of %s takes all connections there may be', (stage) => {
  const size = String(stages[stage]?.['brokerSize'] ?? stages['default']?.['brokerSize']);
  const queues = Object.values(consumers).flatMap(feedingQueues).length;
  // For each queue Lambda's poller and the function's publisher; two relays, overlapping once; the deploy step; people.
  expect(2 * queues + 4 + 1 + 5).toBeLessThanOrEqual(maxConnections[size] ?? 0);
});

import { consumers } from '../../shared/broker/topology.ts';
import { type Metric, metricAlarm, sumAlarm, type Window } from './alarmShapes.ts';
import { inStage } from './inStage.ts';
import { consumerFunctions } from './rights.ts';
import { tableDimensions, tableNames } from './touchedTables.ts';

const toId = (text: string): string =>
  text.replaceAll(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());

const ofFunction = (fn: string, metric: string): Metric => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: inStage(fn) },
});

/** A consumer's function throws only when what it needs to settle its messages is gone. */
const consumerFunctionAlarms = consumerFunctions.map((fn) => [
  `${toId(fn)}FailsAlarm`,
  sumAlarm(
    `${fn}-fails`,
    `${fn} throws, runs out of time or is throttled`,
    [ofFunction(fn, 'Errors'), ofFunction(fn, 'Throttles')],
    { minutes: 5, datapoints: 3 },
  ),
]);

/** Functions that a schedule calls, and how long a failure of theirs may take to be told. */
const scheduledFunctions: Readonly<Record<string, Window>> = {
  // Lambda stamps an error with the minute in which the run began, and a run of the relay may die after 15: the second of
  // two in a row is told when the first one's minute is half an hour old, and some minutes more on its way.
  relayEvents: { minutes: 35, datapoints: 2 },
  // Wakes streams whose retry was lost: some minutes later is soon enough for that.
  sweepStreams: { minutes: 10, datapoints: 5 },
  measureQueues: { minutes: 10, datapoints: 5 },
  // Looks once a day: that it failed is told until the next look is over.
  applyTopology: { minutes: 26 * 60, periodMinutes: 60, datapoints: 1 },
};

// Without throttles: the next minute's call does the work of one that was turned away, and of the relay, which is called
// each minute and runs for 15, most are.
const scheduledFunctionAlarms = Object.entries(scheduledFunctions).map(([fn, window]) => [
  `${toId(fn)}FailsAlarm`,
  metricAlarm(`${fn}-fails`, `${fn} throws or runs out of time`, ofFunction(fn, 'Errors'), window),
]);

const ofConsumer = (consumer: string, metric: string): Metric => ({
  namespace: `\${param:metricsNamespace}`,
  name: metric,
  dimensions: { service: 'consumer', consumer },
});

/** Figures out of logs come a minute late or more: the newest minute alone would often be looked at before they are there. */
const lately = { minutes: 5, datapoints: 1 };

/** While nobody counts, what was counted last holds: an alarm that goes back says that all is well. */
const holds = { TreatMissingData: 'ignore' };

const consumerAlarms = Object.values(consumers).flatMap(({ name: consumer }) => [
  [
    `${toId(consumer)}BlockedAlarm`,
    metricAlarm(
      `${consumer}-blocked`,
      `${consumer} has streams that are blocked`,
      { ...ofConsumer(consumer, 'BlockedStreams'), stat: 'Maximum' },
      lately,
      holds,
    ),
  ],
  [
    `${toId(consumer)}DeadLettersAlarm`,
    metricAlarm(
      `${consumer}-dead-letters`,
      `dead letters of ${consumer} wait for somebody to look at them`,
      { ...ofConsumer(consumer, 'DeadLettersWaiting'), stat: 'Maximum' },
      lately,
      holds,
    ),
  ],
  [
    `${toId(consumer)}HeldUpAlarm`,
    metricAlarm(
      `${consumer}-held-up`,
      `an outage holds up streams of ${consumer}, and perhaps these alone`,
      ofConsumer(consumer, 'StreamsSetAside'),
      // It is set aside again every five to seven minutes.
      { minutes: 15, datapoints: 1 },
    ),
  ],
  [
    `${toId(consumer)}DepthAlarm`,
    metricAlarm(
      `${consumer}-depth`,
      `${consumer} does not keep up with what it is sent`,
      { ...ofConsumer(consumer, 'QueueDepth'), stat: 'Maximum' },
      { minutes: 15, datapoints: 15 },
      { ...holds, Threshold: `\${param:depthAlarm}` },
    ),
  ],
]);

const [{ name: anyConsumer } = { name: '' }] = Object.values(consumers);

/** A function throws nothing when it is not called at all; these tell something of every consumer each time they are. */
const silentAlarm = (what: string, description: string, metric: string) => [
  `${toId(what)}Alarm`,
  metricAlarm(
    what,
    description,
    { ...ofConsumer(anyConsumer, metric), stat: 'SampleCount' },
    { minutes: 15, datapoints: 15 },
    { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
  ),
];
const silentAlarms = [
  silentAlarm(
    'sweep-silent',
    'Nobody wakes streams whose retry was lost, or counts the blocked ones',
    'BlockedStreams',
  ),
  silentAlarm('queues-silent', 'Nobody tells what waits in the queues', 'QueueDepth'),
];

const tableAlarms = tableNames.map((table) => [
  `${toId(table)}ThrottledAlarm`,
  sumAlarm(
    `${table}-throttled`,
    `DynamoDB turns requests to ${table} or an index of it away`,
    tableDimensions(table).flatMap((dimensions) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => ({ namespace: 'AWS/DynamoDB', name, dimensions })),
    ),
    { minutes: 5, datapoints: 3 },
  ),
]);

/** The alarms that there are one of for each function, consumer and table. */
export const repeatedAlarms = {
  Resources: Object.fromEntries([
    ...consumerFunctionAlarms,
    ...scheduledFunctionAlarms,
    ...consumerAlarms,
    ...silentAlarms,
    ...tableAlarms,
  ]),
};

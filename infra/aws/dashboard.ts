import { consumers } from '../../shared/broker/topology.ts';
import { inStage, stage } from './inStage.ts';
import { consumerFunctions, rights } from './rights.ts';
import { tableDimensions, tableNames } from './touchedTables.ts';

const region = '$' + '{AWS::Region}';
const namespace = `\${param:metricsNamespace}`;

type Metric = readonly unknown[];

const widget = (title: string, metrics: readonly Metric[], stat: string, at: number) => ({
  type: 'metric',
  x: (at % 3) * 8,
  y: Math.floor(at / 3) * 6,
  width: 8,
  height: 6,
  properties: { title, metrics, stat, period: 60, region, view: 'timeSeries' },
});

const relay = (metric: string): Metric => [namespace, metric, 'service', 'relay'];
const api = (metric: string, options = {}): Metric => [
  'AWS/ApiGateway',
  metric,
  'ApiId',
  `\${HttpApi}`,
  'Stage',
  '$default',
  options,
];
const broker = (metric: string): Metric => ['AWS/AmazonMQ', metric, 'Broker', `\${param:brokerName}`];
const ofFunctions = (metric: string, which: readonly string[]): readonly Metric[] =>
  which.map((name) => ['AWS/Lambda', metric, 'FunctionName', inStage(name)]);
const ofConsumers = (metric: string): readonly Metric[] =>
  Object.values(consumers).map(({ name }) => [namespace, metric, 'service', 'consumer', 'consumer', name]);
const ofTables = (metric: string): readonly Metric[] =>
  tableNames
    .flatMap(tableDimensions)
    .map((dimensions) => ['AWS/DynamoDB', metric, ...Object.entries(dimensions).flat()]);

// In the order of the way.
const rows: readonly (readonly [title: string, metrics: readonly Metric[], stat: string])[] = [
  ['API: requests, 4xx, 5xx', [api('Count'), api('4xx'), api('5xx')], 'Sum'],
  ['API: latency, ms', [api('Latency', { stat: 'p50' }), api('Latency', { stat: 'p99' })], 'p50'],
  ['Relay: lag, seconds', [relay('RelayLagSeconds')], 'Maximum'],
  ['Relay: lag, events; window', [relay('RelayLagEvents'), relay('RelayWindowFill')], 'Maximum'],
  [
    'Relay: published, hand-overs, failures',
    [relay('RelayPublished'), relay('RelayHandovers'), relay('RelayFailures')],
    'Sum',
  ],
  ['Broker: messages', [broker('MessageReadyCount'), broker('MessageUnacknowledgedCount')], 'Maximum'],
  [
    'Broker: memory, disk',
    [broker('RabbitMQMemUsed'), broker('RabbitMQMemLimit'), broker('RabbitMQDiskFree')],
    'Maximum',
  ],
  [
    'Broker: connections, channels, queues',
    [broker('ConnectionCount'), broker('ChannelCount'), broker('QueueCount')],
    'Maximum',
  ],
  ['Broker: unrouted messages', [[namespace, 'Unrouted', 'service', 'broker']], 'Maximum'],
  ['Consumers: duration, ms', ofFunctions('Duration', consumerFunctions), 'p99'],
  ['Consumers: errors', ofFunctions('Errors', consumerFunctions), 'Sum'],
  ['Consumers: messages that wait', ofConsumers('QueueDepth'), 'Maximum'],
  ['Consumers: dead letters that wait', ofConsumers('DeadLettersWaiting'), 'Maximum'],
  ['Consumers: unreadable messages', ofConsumers('DeadLetters'), 'Sum'],
  ['Consumers: blocked streams', ofConsumers('BlockedStreams'), 'Maximum'],
  [
    'Consumers: retries, set aside, blocked',
    [...ofConsumers('EventsRetried'), ...ofConsumers('StreamsSetAside'), ...ofConsumers('StreamsBlocked')],
    'Sum',
  ],
  ['Functions: throttles', ofFunctions('Throttles', Object.keys(rights)), 'Sum'],
  ['Tables: throttled reads', ofTables('ReadThrottleEvents'), 'Sum'],
  ['Tables: throttled writes', ofTables('WriteThrottleEvents'), 'Sum'],
];

/** One page for the whole way. CloudFormation puts in the region and the API's id, the framework everything else. */
export const dashboard = {
  Resources: {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: stage,
        DashboardBody: {
          'Fn::Sub': JSON.stringify({
            widgets: rows.map(([title, metrics, stat], n) => widget(title, metrics, stat, n)),
          }),
        },
      },
    },
  },
};

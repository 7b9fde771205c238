import type { Group } from '../../persistent/group.ts';
import { ALL, type GroupConfig } from '../../persistent/settings.ts';
import type { MessageValue } from '../../wire/message.ts';
import type { SubscriptionInfo } from '../../wire/persistent.ts';

/** What GetInfo and List tell about a group. */
export function toGroupInfo(group: Group): MessageValue<typeof SubscriptionInfo> {
  const { config, source, measurements } = group;
  const { settings } = config;
  const last = source.last();
  const isBehind = source.pointer <= last || group.readAheadCount > 0;
  return {
    eventSource: config.source,
    groupName: config.name,
    status: isBehind ? 'Behind' : 'Live',
    connections: [...group.consumers].map((consumer) => ({
      from: consumer.from,
      username: consumer.userName,
      connectionName: consumer.connectionName,
      averageItemsPerSecond: consumer.measurements.averagePerSecond,
      totalItems: BigInt(consumer.measurements.total),
      countSinceLastMeasurement: BigInt(consumer.measurements.sinceLastMeasurement),
      availableSlots: consumer.freeSlots,
      inFlightMessages: consumer.inFlight.size,
      observedMeasurements: settings.extraStatistics ? consumer.measurements.observed() : [],
    })),
    averagePerSecond: measurements.averagePerSecond,
    totalItems: BigInt(measurements.total),
    countSinceLastMeasurement: BigInt(measurements.sinceLastMeasurement),
    lastCheckpointedEventPosition: group.checkpoint ?? '',
    lastKnownEventPosition: last < 0 ? '' : source.toText(last),
    resolveLinkTos: settings.resolvesLinks,
    startFrom: startText(config),
    messageTimeoutMilliseconds: settings.messageTimeoutMs,
    extraStatistics: settings.extraStatistics,
    maxRetryCount: settings.maxRetryCount,
    liveBufferSize: settings.liveBufferSize,
    bufferSize: settings.historyBufferSize,
    readBatchSize: settings.readBatchSize,
    checkPointAfterMilliseconds: settings.checkpointAfterMs,
    minCheckPointCount: settings.minCheckpointCount,
    maxCheckPointCount: settings.maxCheckpointCount,
    readBufferCount: group.readAheadCount,
    liveBufferCount: 0n,
    retryBufferCount: group.retryCount,
    totalInFlightMessages: group.inFlightCount,
    outstandingMessagesCount: group.inFlightCount + group.retryCount,
    namedConsumerStrategy: settings.strategy,
    maxSubscriberCount: settings.maxSubscriberCount,
    parkedMessageCount: BigInt(group.parked.count),
  };
}

function startText({ source, settings: { start } }: GroupConfig): string {
  const place = start === 'start' ? 0 : start === 'end' ? -1 : start;
  return source === ALL ? `C:${place}/P:${place}` : String(place);
}

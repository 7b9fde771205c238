import { type EventMessage, toBody } from '../broker/message.ts';

interface Delivery {
  readonly message?: EventMessage;
  readonly body?: string;
  readonly redelivered?: boolean;
}

/** A batch as Lambda hands it to a consumer. */
export const toRmqEvent = (...deliveries: readonly Delivery[]): unknown => ({
  eventSource: 'aws:rmq',
  eventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:waybill:b-1',
  rmqMessagesByQueue: {
    'queue.0::/': deliveries.map(({ message, body, redelivered = false }) => ({
      basicProperties: { messageId: 'm-1', correlationId: null, headers: { stream: { bytes: [111] } }, bodySize: 1 },
      redelivered,
      data: (message ? toBody(message) : Buffer.from(body ?? '')).toString('base64'),
    })),
  },
});

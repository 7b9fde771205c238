import { AmqpError } from './amqpError.ts';
import type { Frame } from './frameReader.ts';
import { describeFrame, frameType } from './frames.ts';

/** The shortest payload that can be one of its kind: class and method; class, weight, body size and flags. */
const leastBytes: Readonly<Record<number, number>> = {
  [frameType.method]: 4,
  [frameType.header]: 14,
  [frameType.body]: 0,
  [frameType.heartbeat]: 0,
};

/** Refuses, with RabbitMQ's codes and texts, a frame that could not be right whatever the state of its channel. */
export function checkFrame({ type, channel, payload }: Frame): void {
  const least = leastBytes[type];
  const isHeartbeat = type === frameType.heartbeat;
  if (least === undefined || payload.length < least || (isHeartbeat && payload.length > 0)) {
    throw new AmqpError('FRAME_ERROR', `${describeFrame(type, payload)}: unknown_frame`);
  }
  const isContent = type === frameType.header || type === frameType.body;
  if ((isHeartbeat && channel !== 0) || (isContent && channel === 0)) {
    throw new AmqpError('UNEXPECTED_FRAME', describeFrame(type, payload));
  }
}

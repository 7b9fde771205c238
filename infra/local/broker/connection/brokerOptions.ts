import type { Alarm } from '../alarm.ts';

/** What a connection may ask of this broker; every value has a default in `startBroker`. */
export interface BrokerOptions {
  readonly users: ReadonlyMap<string, string>;
  readonly heartbeatSeconds: number;
  readonly frameMaxBytes: number;
  readonly channelMax: number;
  /** A larger message is refused with 406, as RabbitMQ does. */
  readonly maxMessageBytes: number;
  readonly alarm: Alarm;
}

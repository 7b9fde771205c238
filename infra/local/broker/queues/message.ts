import { emptyTable, type FieldTable } from '../wire/fieldTable.ts';
import type { Content } from '../wire/frames.ts';
import { type BasicProperties, brokerFlags, decodeProperties, encodeProperties } from '../wire/properties.ts';

const unread: BasicProperties = {};

/**
 * A published message. Its properties stay the bytes they came as: they are decoded only where routing, expiry or
 * dead-lettering has to look, and encoded again only where the broker adds a header. Shared by every queue it is in.
 */
export class Message implements Content {
  readonly exchange: string;
  /** The published routing key first, then those of the CC and BCC headers. */
  readonly routingKeys: readonly string[];
  readonly properties: Buffer;
  readonly body: Buffer;
  #decoded: BasicProperties | undefined;

  constructor(exchange: string, routingKeys: readonly string[], properties: Buffer, body: Buffer) {
    this.exchange = exchange;
    this.routingKeys = routingKeys;
    this.properties = properties;
    this.body = body;
  }

  get routingKey(): string {
    return this.routingKeys[0] ?? '';
  }

  /** All properties, decoded. */
  get decoded(): BasicProperties {
    this.#decoded ??= decodeProperties(this.properties);
    return this.#decoded;
  }

  /** The same, but without decoding when none of those that matter to a broker is there. */
  get relevant(): BasicProperties {
    return (this.properties.readUInt16BE(0) & brokerFlags) === 0 ? unread : this.decoded;
  }

  get headers(): FieldTable {
    return this.relevant.headers ?? emptyTable;
  }

  /** This message's content with other properties; this one stays as it is. */
  withProperties(properties: BasicProperties, exchange = this.exchange, routingKeys = this.routingKeys): Message {
    return new Message(exchange, routingKeys, encodeProperties(properties), this.body);
  }
}

import { emptyTable, type FieldTable } from '../wire/fieldTable.ts';
import type { Content } from '../wire/frames.ts';
import { type BasicProperties, decodeProperties, encodeProperties, scanProperties } from '../wire/properties.ts';

const noCopies: readonly string[] = [];

/** Where a message was sent: the exchange, the routing key, and the further ones of its CC and BCC headers. */
export interface Address {
  readonly exchange: string;
  readonly routingKey: string;
  readonly copies?: readonly string[];
}

/**
 * A published message, shared by every queue it is in. Its properties stay the bytes they came as, so that millions can
 * wait in little memory: they are decoded each time someone looks, which is only for routing by header and for death.
 */
export class Message implements Content {
  readonly exchange: string;
  readonly routingKey: string;
  readonly copies: readonly string[];
  readonly properties: Buffer;
  readonly body: Buffer;
  /** Milliseconds, as the publisher wrote them. */
  readonly expiration: string | undefined;
  readonly priority: number;

  constructor(address: Address, content: Content) {
    this.exchange = address.exchange;
    this.routingKey = address.routingKey;
    this.copies = address.copies ?? noCopies;
    this.properties = content.properties;
    this.body = content.body;
    const { expiration, priority = 0 } = scanProperties(content.properties);
    this.expiration = expiration;
    this.priority = priority;
  }

  get decoded(): BasicProperties {
    return decodeProperties(this.properties);
  }

  get headers(): FieldTable {
    return this.decoded.headers ?? emptyTable;
  }

  /** This message's body with other properties, and to another address if one is given; this one stays as it is. */
  withProperties(properties: BasicProperties, address: Address = this): Message {
    return new Message(address, { properties: encodeProperties(properties), body: this.body });
  }
}

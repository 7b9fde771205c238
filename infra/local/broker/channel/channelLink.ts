import type { BrokerOptions } from '../connection/brokerOptions.ts';
import type { Outbox } from '../connection/outbox.ts';
import type { VirtualHost } from '../vhost/virtualHost.ts';

/** What a channel has of its connection. */
export interface ChannelLink {
  readonly options: BrokerOptions;
  readonly vhost: VirtualHost;
  readonly user: string;
  /** Stands for the connection as the owner of exclusive queues. */
  readonly owner: object;
  readonly outbox: Outbox;
  /** The client wants to be told when the broker ends a consumer. */
  readonly hearsCancels: boolean;
  /** A publish began: while the broker is short of memory, the connection reads no further. */
  published(): void;
}

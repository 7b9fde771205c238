import { type FieldTable, longText, tableOf, truth } from '../wire/fieldTable.ts';

/** What the broker says of itself. Some clients look at the product; the platform tells it from the real one. */
export const serverProperties: FieldTable = tableOf({
  capabilities: {
    tag: 'F',
    value: tableOf({
      publisher_confirms: truth(true),
      exchange_exchange_bindings: truth(true),
      'basic.nack': truth(true),
      consumer_cancel_notify: truth(true),
      'connection.blocked': truth(true),
      consumer_priorities: truth(true),
      authentication_failure_close: truth(true),
      per_consumer_qos: truth(true),
      direct_reply_to: truth(true),
    }),
  },
  cluster_name: longText('waybill@localhost'),
  copyright: longText('MIT'),
  information: longText('A local stand-in for RabbitMQ, in memory only'),
  platform: longText('Waybill local broker'),
  product: longText('RabbitMQ'),
  version: longText('4.2.0'),
});

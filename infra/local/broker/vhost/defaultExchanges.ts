import { Exchange, type ExchangeType } from '../routing/exchange.ts';
import { emptyTable } from '../wire/fieldTable.ts';

const declared: readonly (readonly [string, ExchangeType, boolean])[] = [
  ['', 'direct', false],
  ['amq.direct', 'direct', false],
  ['amq.fanout', 'fanout', false],
  ['amq.headers', 'headers', false],
  ['amq.match', 'headers', false],
  ['amq.rabbitmq.trace', 'topic', true],
  ['amq.topic', 'topic', false],
];

/** The exchanges that every virtual host is born with. The nameless one has no bindings: it finds queues by name. */
export function createDefaultExchanges(): Exchange[] {
  return declared.map(
    ([name, type, isInternal]) =>
      new Exchange({ name, type, isDurable: true, isAutoDelete: false, isInternal, args: emptyTable }),
  );
}

import type { RestartablePart } from './restartable.ts';
import { withoutCredentials } from './settings.ts';
import type { Stack } from './startStack.ts';

const recipient =
  '{"name":"Ada Lovelace","email":"ada@example.com","address":{"line1":"12 St James Square","postalCode":"SW1Y 4JH","city":"London","country":"GB"}}';

/** What a person is told once the system runs: where everything is, and lines to paste. */
export function toWelcome(stack: Stack, logPath: string, ms: number): string {
  const { url, addresses, servers, relay, eventSource, functions, dataDirectory } = stack;
  const at = (address: string, part: RestartablePart | undefined, path = ''): string =>
    `${withoutCredentials(address)}${path}${part ? `   (process ${part.pid})` : ''}`;
  const port = new URL(url).port === '3000' ? '' : ` --port ${new URL(url).port}`;
  return `Waybill is ready (${(ms / 1_000).toFixed(1)} s). Ctrl-C ends it.

  HTTP API         ${at(url, functions)}
  event store      ${at(addresses.eventStore, servers.eventStore)}
  broker           ${at(addresses.broker, servers.broker)}
  DynamoDB         ${at(addresses.dynamo, servers.dynamo)}
  payment gateway  ${at(addresses.payments, servers.payments, servers.payments && '/log')}
  carrier          ${at(addresses.shipping, servers.shipping, servers.shipping && '/log')}
  mailbox          ${at(addresses.mail, servers.mail)}
  issuer of tokens ${at(addresses.issuer, servers.issuer)}
  relay            process ${relay.pid}
  event source     process ${eventSource.pid}
  data             ${dataDirectory ?? toMemory(servers)}
  log              ${logPath}

Get a token, put a product on sale, receive stock, place an order, read it back a second later, and its events:

  auth="authorization: Bearer $(npm run -s token -- --customer c-1 --scope 'orders stock ops'${port})"
  curl -w '\\n' -H "$auth" -X PUT ${url}/products/mug -H 'content-type: application/json' -d '{"name":"Mug","priceMinor":1250,"currency":"EUR"}'
  curl -w '\\n' -H "$auth" -X POST ${url}/stock/mug/receipts -H 'content-type: application/json' -d '{"quantity":100}'
  order=$(curl -sw '\\n' -H "$auth" -X POST ${url}/orders -H 'content-type: application/json' -H "Idempotency-Key: $(date +%s)-$RANDOM" -d '{"recipient":${recipient},"lines":[{"sku":"mug","quantity":2}]}' | tee /dev/stderr | sed 's/.*"orderId":"\\([^"]*\\)".*/\\1/')
  sleep 1
  curl -w '\\n' -H "$auth" ${url}/orders/$order
  curl -w '\\n' -H "$auth" ${url}/orders/$order/events
`;
}

const held = {
  eventStore: 'events',
  dynamo: 'tables',
  payments: "the payment gateway's books",
  shipping: "the carrier's books",
};

/** What is gone with the servers that were started here. */
function toMemory(started: Stack['servers']): string {
  const parts = ['eventStore', 'dynamo', 'payments', 'shipping'] as const;
  const inMemory = parts.filter((part) => started[part] !== undefined);
  if (inMemory.length === 0) return 'with the servers that were given';
  const which = inMemory.length === parts.length ? '' : ` (${inMemory.map((part) => held[part]).join(', ')})`;
  return `in memory, gone when this ends${which}; npm start -- --data DIR keeps it`;
}

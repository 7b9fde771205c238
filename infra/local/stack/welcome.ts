import { withoutCredentials } from './settings.ts';
import type { Stack } from './startStack.ts';

/** What a person is told once the system runs: where everything is, and lines to paste. */
export function toWelcome(
  { url, addresses, relay, eventSource, functions }: Stack,
  logPath: string,
  ms: number,
): string {
  const port = new URL(url).port === '3000' ? '' : `PORT=${new URL(url).port} `;
  return `Waybill is ready (${(ms / 1_000).toFixed(1)} s). Ctrl-C ends it.

  HTTP API         ${url}   (process ${functions.pid})
  event store      ${withoutCredentials(addresses.eventStore)}
  broker           ${withoutCredentials(addresses.broker)}
  DynamoDB         ${withoutCredentials(addresses.dynamo)}
  payment gateway  ${withoutCredentials(addresses.payments)}/log
  carrier          ${withoutCredentials(addresses.shipping)}/log
  mailbox          ${withoutCredentials(addresses.mail)}
  issuer of tokens ${withoutCredentials(addresses.issuer)}
  relay            process ${relay.pid}
  event source     process ${eventSource.pid}
  log              ${logPath}

Get a token, put a product on sale, receive stock, place an order, read it back, and its events:

  auth="authorization: Bearer $(${port}npm run -s token -- --customer c-1 --scope 'orders stock ops')"
  curl -w '\\n' -H "$auth" -X PUT ${url}/products/mug -H 'content-type: application/json' -d '{"name":"Mug","priceMinor":1250,"currency":"EUR"}'
  curl -w '\\n' -H "$auth" -X POST ${url}/stock/mug/receipts -H 'content-type: application/json' -d '{"quantity":100}'
  order=$(curl -sw '\\n' -H "$auth" -X POST ${url}/orders -H 'content-type: application/json' -H "Idempotency-Key: $(date +%s)-$RANDOM" -d '{"lines":[{"sku":"mug","quantity":2}]}' | tee /dev/stderr | sed 's/.*"orderId":"\\([^"]*\\)".*/\\1/')
  curl -w '\\n' -H "$auth" ${url}/orders/$order
  curl -w '\\n' -H "$auth" ${url}/orders/$order/events
`;
}

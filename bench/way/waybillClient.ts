import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { requestToken } from '../../infra/local/issuer/requestToken.ts';

/** A client of the HTTP API; a connection for each request, for one kept open may be closed just as it is used again. */
export interface WaybillClient {
  putProduct(sku: string, priceMinor: number): Promise<void>;
  receiveStock(sku: string, quantity: number): Promise<void>;
  /** @returns the order's id, when the order has been accepted */
  placeOrder(skus: readonly string[]): Promise<string>;
  /** Whether it was in time. */
  cancelOrder(orderId: string): Promise<boolean>;
}

const recipient = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  address: { line1: '12 St James Square', postalCode: 'SW1Y 4JH', city: 'London', country: 'GB' },
};

/** @throws from each call, with the answer, when it is not the one for success */
export async function createWaybillClient(baseUrl: string): Promise<WaybillClient> {
  const token = await requestToken(baseUrl, { customer: 'bench', scope: 'orders stock' });
  const agent = new Agent({ keepAlive: false });
  const send = async (method: string, path: string, body: unknown, ...expected: readonly number[]) => {
    const answer = await exchange({ agent, token }, method, `${baseUrl}${path}`, JSON.stringify(body));
    const { status, text } = answer;
    if (expected.includes(status)) return answer;
    throw new Error(`${method} ${path}: expected ${expected.join(' or ')}, got ${status}: ${text}`);
  };
  return {
    putProduct: async (sku, priceMinor) => {
      await send('PUT', `/products/${sku}`, { name: sku, priceMinor, currency: 'EUR' }, 200);
    },
    receiveStock: async (sku, quantity) => {
      await send('POST', `/stock/${sku}/receipts`, { quantity }, 202);
    },
    placeOrder: async (skus) => {
      const lines = skus.map((sku) => ({ sku, quantity: 1 }));
      const { text } = await send('POST', '/orders', { recipient, lines }, 202);
      const { orderId }: { readonly orderId: string } = JSON.parse(text);
      return orderId;
    },
    cancelOrder: async (orderId) => {
      const { status } = await send('POST', `/orders/${orderId}/cancel`, {}, 202, 409);
      return status === 202;
    },
  };
}

interface Connection {
  readonly agent: Agent;
  readonly token: string;
}

function exchange(
  { agent, token }: Connection,
  method: string,
  url: string,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': randomUUID(),
    };
    const call = request(url, { agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

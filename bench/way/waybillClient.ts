import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** A client of the HTTP API; a connection for each request, for one kept open may be closed just as it is used again. */
export interface WaybillClient {
  putProduct(sku: string, priceMinor: number): Promise<void>;
  receiveStock(sku: string, quantity: number): Promise<void>;
  /** @returns the order's id, when the order has been accepted */
  placeOrder(sku: string): Promise<string>;
}

const recipient = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  address: { line1: '12 St James Square', postalCode: 'SW1Y 4JH', city: 'London', country: 'GB' },
};

/** @throws from each call, with the answer, when it is not the one for success */
export function createWaybillClient(baseUrl: string): WaybillClient {
  const agent = new Agent({ keepAlive: false });
  const send = async (method: string, path: string, body: unknown, expected: number): Promise<string> => {
    const { status, text } = await exchange(agent, method, `${baseUrl}${path}`, JSON.stringify(body));
    if (status !== expected) throw new Error(`${method} ${path}: expected ${expected}, got ${status}: ${text}`);
    return text;
  };
  return {
    putProduct: async (sku, priceMinor) => {
      await send('PUT', `/products/${sku}`, { name: sku, priceMinor, currency: 'EUR' }, 200);
    },
    receiveStock: async (sku, quantity) => {
      await send('POST', `/stock/${sku}/receipts`, { quantity }, 202);
    },
    placeOrder: async (sku) => {
      const text = await send(
        'POST',
        '/orders',
        { customerId: 'bench', recipient, lines: [{ sku, quantity: 1 }] },
        202,
      );
      const { orderId }: { readonly orderId: string } = JSON.parse(text);
      return orderId;
    },
  };
}

function exchange(agent: Agent, method: string, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
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

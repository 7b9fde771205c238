import { requestToken } from '../../infra/local/issuer/requestToken.ts';

/** The HTTP API as a customer's program uses it. */
export interface Api {
  putProduct(sku: string, product: { name: string; priceMinor: number; currency: string }): Promise<Response>;
  receiveStock(sku: string, quantity: number): Promise<Response>;
  placeOrder(key: string, order: unknown): Promise<Response>;
  cancelOrder(orderId: string): Promise<Response>;
  get(path: string): Promise<Response>;
}

/** One for each address that was asked; of a system that runs there no more it is asked for again. */
const tokens = new Map<string, Promise<string>>();

function tokenOf(url: string): Promise<string> {
  const known = tokens.get(url);
  if (known) return known;
  const token = requestToken(url, { customer: 'journey', scope: 'orders stock ops' });
  tokens.set(url, token);
  token.catch(() => tokens.delete(url));
  return token;
}

/** Its caller may do everything, for any customer. */
export function createApi(url: string): Api {
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(url)}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    putProduct: (sku, product) => send('PUT', `/products/${sku}`, product),
    receiveStock: (sku, quantity) => send('POST', `/stock/${sku}/receipts`, { quantity }),
    placeOrder: (key, order) => send('POST', '/orders', order, { 'idempotency-key': key }),
    cancelOrder: (orderId) => send('POST', `/orders/${orderId}/cancel`),
    get: (path) => send('GET', path),
  };
}

/** The same, of whichever system runs at the moment: after a crash it is another one, at another address. */
export const createApiOf = (url: () => string): Api =>
  new Proxy({} as Api, {
    get:
      (_, name: keyof Api) =>
      (...args: never[]) =>
        (createApi(url())[name] as (...a: never[]) => unknown)(...args),
  });

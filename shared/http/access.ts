/**
 * Who may do what: the scopes of which a caller's token has one, by function; `open` needs no token. serverless.yml and the
 * API's document say the same, which tests compare. `orders` is for customers and reaches their own orders, `stock` for
 * those who keep the shop, `ops` for operators: with it an order of any customer is reached.
 */
export const access = {
  placeOrder: ['orders'],
  cancelOrder: ['orders'],
  listOrders: ['orders'],
  getOrder: ['orders'],
  getOrderEvents: ['orders'],
  eraseCustomer: ['orders', 'ops'],
  putProduct: ['stock'],
  listProducts: ['orders', 'stock'],
  receiveStock: ['stock'],
  listStock: ['stock'],
  getStock: ['stock'],
  listDeadLetters: ['ops'],
  redriveDeadLetters: ['ops'],
  discardDeadLetters: ['ops'],
  getRelay: ['ops'],
  rewindRelay: ['ops'],
  getHealth: 'open',
  getOpenApi: 'open',
  getAsyncApi: 'open',
  getApiPage: 'open',
  refuseUnknownRoute: 'open',
} as const satisfies Record<string, Access>;

export const scopes = ['orders', 'stock', 'ops'] as const;
export type Scope = (typeof scopes)[number];
export type Access = 'open' | readonly [Scope, ...Scope[]];
export type RouteName = keyof typeof access;

import { cursorTableOf, unsettledIndex } from '../../shared/broker/cursorTable.ts';
import { type ConsumerTopology, consumers } from '../../shared/broker/topology.ts';

export type TableAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem';

export type KeyAction = 'Decrypt' | 'Encrypt';

/** Secrets by what they open; infra/aws/roles.ts says which they are. */
export type SecretName =
  | 'eventStore'
  | 'payments'
  | 'stripe'
  | 'shipping'
  | 'brokerAdmin'
  | 'brokerRelay'
  | 'brokerConsumer'
  | 'brokerOperator';

/** What a function touches; its role allows that and nothing else. */
export interface Rights {
  /** Tables by their short names, indexes as `<table>/index/<index>`, and what is done to each. */
  readonly tables?: Readonly<Record<string, readonly TableAction[]>>;
  /** With any of these a function reaches into the network; without, it stays outside of it. */
  readonly secrets?: readonly SecretName[];
  /** Which consumer it is: Lambda reads the broker's queues on its behalf. */
  readonly consumer?: ConsumerTopology;
  /** Whether it seals (and opens) personal data, or only opens it: what it asks of the key that wraps customers' keys. */
  readonly keys?: readonly KeyAction[];
  /** Whether it sends mail, from the stage's own address. */
  readonly mails?: boolean;
}

const store = ['eventStore'] as const;
const orderView = { 'order-view': ['GetItem'] } as const;
const stockView = { 'stock-view': ['GetItem'] } as const;
const snapshots = { snapshots: ['GetItem', 'PutItem'] } as const;

const openPersonal = { tables: { 'customer-keys': ['GetItem'] }, keys: ['Decrypt'] } as const;

const cursors = ['BatchGetItem', 'PutItem', 'UpdateItem'] as const;

/** Every consumer's rows, and the index of those that wait or are blocked. */
const unsettled = (...more: readonly TableAction[]): Readonly<Record<string, readonly TableAction[]>> =>
  Object.fromEntries(
    Object.values(consumers).flatMap(({ name }) => {
      const table = cursorTableOf(name);
      return [
        [table, ['BatchGetItem', ...more]],
        [`${table}/index/${unsettledIndex}`, ['Query']],
      ];
    }),
  );

/** A reaction keeps its cursors in a table of its own. */
const reaction = (consumer: ConsumerTopology, more: Rights = {}): Rights => ({
  ...more,
  tables: { ...more.tables, [cursorTableOf(consumer.name)]: cursors },
  secrets: [...store, 'brokerConsumer', ...(more.secrets ?? [])],
  consumer,
});

/** A view's consumer keeps them in the view. */
const projection = (consumer: ConsumerTopology): Rights => ({
  tables: { [cursorTableOf(consumer.name)]: cursors },
  secrets: [...store, 'brokerConsumer'],
  consumer,
});

/** By function, as serverless.yml names them. tests/deploy/rights.test.ts compares it with what the code does. */
export const rights: Readonly<Record<string, Rights>> = {
  placeOrder: {
    tables: { products: ['BatchGetItem'], ...orderView, 'customer-keys': ['GetItem', 'PutItem'] },
    keys: ['Decrypt', 'Encrypt'],
    secrets: store,
  },
  cancelOrder: { tables: orderView, secrets: store },
  listOrders: {
    ...openPersonal,
    tables: { 'order-view/index/by-customer': ['Query'], ...openPersonal.tables },
  },
  getOrder: { ...openPersonal, tables: { ...orderView, ...openPersonal.tables }, secrets: store },
  getOrderEvents: { ...openPersonal, secrets: store },
  eraseCustomer: { tables: { 'customer-keys': ['PutItem'] } },
  putProduct: { tables: { products: ['PutItem'] } },
  listProducts: { tables: { products: ['Scan'] } },
  receiveStock: { tables: { ...snapshots, ...stockView }, secrets: store },
  listStock: { tables: { 'stock-view': ['Scan'] } },
  getStock: { tables: stockView, secrets: store },
  getHealth: { tables: orderView, secrets: store },
  getOpenApi: {},
  getAsyncApi: {},
  getApiPage: {},
  refuseUnknownRoute: {},

  relayEvents: { tables: { relay: ['GetItem', 'UpdateItem'] }, secrets: [...store, 'brokerRelay'] },

  advanceFulfilmentOnProgress: reaction(consumers.orderProcessing),
  moveStockOnRequest: reaction(consumers.inventory, { tables: snapshots }),
  settlePaymentOnRequest: reaction(consumers.payments, { secrets: ['payments', 'stripe'] }),
  timeOutPaymentOnRequest: reaction(consumers.paymentDeadlines),
  updateOrderOnRequest: reaction(consumers.orders),
  sendParcelOnRequest: reaction(consumers.shipping, { ...openPersonal, secrets: ['shipping'] }),
  mailCustomerOnProgress: reaction(consumers.notifications, {
    ...openPersonal,
    tables: { mails: ['DeleteItem', 'GetItem', 'PutItem'], ...openPersonal.tables },
    mails: true,
  }),

  projectOrder: projection(consumers.orderView),
  projectStock: projection(consumers.stockView),

  listDeadLetters: { tables: unsettled(), secrets: ['brokerOperator'] },
  redriveDeadLetters: { tables: unsettled('UpdateItem'), secrets: [...store, 'brokerOperator'] },
  discardDeadLetters: { tables: unsettled('UpdateItem'), secrets: [...store, 'brokerOperator'] },
  sweepStreams: { tables: unsettled(), secrets: ['brokerOperator'] },
  measureQueues: { secrets: ['brokerOperator'] },
  getRelay: { tables: { relay: ['GetItem'] }, secrets: store },
  rewindRelay: { tables: { relay: ['GetItem', 'UpdateItem'] }, secrets: store },

  applyTopology: { secrets: ['brokerAdmin', 'brokerRelay', 'brokerConsumer', 'brokerOperator'] },
};

/** Those that read a consumer's queues. */
export const consumerFunctions: readonly string[] = Object.entries(rights).flatMap(([name, { consumer }]) =>
  consumer ? [name] : [],
);

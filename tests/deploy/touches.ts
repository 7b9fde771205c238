import { globSync } from 'node:fs';
import type { KeyAction, SecretName, TableAction } from '../../infra/aws/rights.ts';
import { cursorTableOf, unsettledIndex } from '../../shared/broker/cursorTable.ts';
import { type ConsumerTopology, consumers } from '../../shared/broker/topology.ts';
import { type Reached, reach, readSource } from './sourceGraph.ts';

export interface Touches {
  readonly tables: Readonly<Record<string, readonly TableAction[]>>;
  readonly secrets: readonly SecretName[];
  readonly consumer: string | undefined;
  readonly keys: readonly KeyAction[];
  readonly mails: boolean;
}

/** The SDK's document commands, by the right that each needs. */
const actionsOf: Readonly<Record<string, readonly TableAction[]>> = {
  BatchGetCommand: ['BatchGetItem'],
  BatchWriteCommand: ['BatchWriteItem'],
  DeleteCommand: ['DeleteItem'],
  GetCommand: ['GetItem'],
  PutCommand: ['PutItem'],
  QueryCommand: ['Query'],
  ScanCommand: ['Scan'],
  TransactWriteCommand: ['ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'],
  UpdateCommand: ['UpdateItem'],
  paginateQuery: ['Query'],
  paginateScan: ['Scan'],
};

const isTable = (path: string): boolean => /^shared\/.*\/dynamo[A-Z]\w*\.ts$/.test(path);
const isElsewhere = (path: string): boolean => path.startsWith('shared/');

const unique = <Item extends string>(items: readonly Item[]): readonly Item[] => [...new Set(items)].toSorted();

/** The part of a factory that the methods need: what stands before `return {`, and they. */
function narrow(text: string, methods: readonly string[]): string {
  const [before = '', after = ''] = text.split(/^ {2}return \{$/m);
  const parts = after.split(/^(?= {4}(?:async )?\*?\w+[(:,])/m);
  const wanted = parts.filter((part) =>
    methods.some((method) => new RegExp(`^ {4}(async )?\\*?${method}[(:,]`).test(part)),
  );
  return [before, ...wanted].join('');
}

/** Local functions of a factory count only where one of its methods uses them. */
function actionsIn({ path, name, text }: Reached, methods: readonly string[] | undefined): readonly TableAction[] {
  const own = methods === undefined ? text : narrow(text, methods);
  const near = [...reach(path, name, (other) => other !== path && !isTable(other)).values()]
    .filter((it) => isTable(it.path) && it.name !== name)
    .map((it) => {
      // Another adapter that this one is built on: only what it takes of it.
      const [, taken] = new RegExp(`const \\{ ([^}]*) \\} = ${it.name}[<(]`).exec(text) ?? [];
      return taken === undefined ? it.text : narrow(it.text, taken.split(', '));
    });
  const all = [own, ...near].join('\n');
  return unique(
    Object.entries(actionsOf).flatMap(([command, actions]) =>
      new RegExp(`\\b${command}\\b`).test(all) ? actions : [],
    ),
  );
}

/** What a function's own files say they need of something that is wired in: `products: Pick<Products, 'find' | 'put'>`. */
function methodsOf(folder: string, name: string): readonly string[] | undefined {
  const texts = globSync(`${folder}/*.ts`)
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readSource(path).text);
  const found = texts.flatMap((text) => [...text.matchAll(new RegExp(`\\b${name}: Pick<\\w+, ([^>]+)>`, 'g'))]);
  return found.length === 0
    ? undefined
    : found.flatMap(([, list = '']) => list.split('|').map((it) => it.trim().slice(1, -1)));
}

/** What a method of personal data asks of the customers' keys behind it. */
const behind: Readonly<Record<string, readonly string[]>> = {
  seal: ['find', 'create'],
  open: ['find'],
  openAll: ['find'],
  erase: ['destroy'],
};

const customerKeys = 'createDynamoCustomerKeys';

/** The wrapping key's actions, by what the adapter of customers' keys calls. */
function keyActionsIn({ text }: Reached, methods: readonly string[] | undefined): readonly KeyAction[] {
  const used = methods === undefined ? text : narrow(text, methods);
  return [
    ...(used.includes('wrapper.unwrap(') ? (['Decrypt'] as const) : []),
    ...(used.includes('wrapper.wrap(') ? (['Encrypt'] as const) : []),
  ];
}

/** A consumer has its own; who is none looks into all of them. */
const cursorTables = (consumer: ConsumerTopology | undefined): readonly string[] =>
  (consumer ? [consumer] : Object.values(consumers)).map(({ name }) => cursorTableOf(name));

/** What asks for an address, by the secret that it comes out of. */
const addresses: Readonly<Record<string, SecretName>> = {
  eventStoreUrl: 'eventStore',
  paymentsUrl: 'payments',
  shippingUrl: 'shipping',
  stripeApiKey: 'stripe',
};

const secretsBy: Readonly<Record<string, SecretName>> = {
  RABBITMQ_ADMIN_SECRET: 'brokerAdmin',
  RABBITMQ_RELAY_SECRET: 'brokerRelay',
  RABBITMQ_CONSUMER_SECRET: 'brokerConsumer',
  RABBITMQ_OPERATOR_SECRET: 'brokerOperator',
};

/**
 * What a function touches, as its code tells: which tables it is wired to and by which of the adapters' commands, and
 * which secrets its addresses come from.
 *
 * @param folder such as functions/http/placeOrder
 * @param brokerSecret the one that RABBITMQ_SECRET names in serverless.yml
 */
export function findTouches(folder: string, brokerSecret: SecretName | undefined): Touches {
  const entry = readSource(`${folder}/index.ts`);
  const [, consumerKey] = /consumers\.(\w+)/.exec(entry.text) ?? [];
  const consumer = consumerKey === undefined ? undefined : consumers[consumerKey as keyof typeof consumers];
  const reached = [...reach(entry.path, '*', isElsewhere).values()];

  const tables: Record<string, readonly TableAction[]> = {};
  const keys: KeyAction[] = [];
  const add = (table: string, actions: readonly TableAction[]): void => {
    if (actions.length > 0) tables[table] = unique([...(tables[table] ?? []), ...actions]);
  };
  for (const adapter of reached.filter(({ path }) => isTable(path))) {
    const wiring = reached.filter(
      ({ path, text }) =>
        path.startsWith('functions/wiring/') && text.includes(adapter.name) && text.includes('tableName('),
    );
    for (const { name, text } of wiring) {
      const [, literal] = /tableName\('([a-z-]+)'\)/.exec(text) ?? [];
      const [, literalIndex] = /\bIndexName: '([a-z-]+)'/.exec(adapter.text) ?? [];
      const index = adapter.text.includes('IndexName: unsettledIndex') ? unsettledIndex : literalIndex;
      const asked = methodsOf(folder, name);
      const methods = adapter.name === customerKeys ? asked?.flatMap((method) => behind[method] ?? []) : asked;
      const actions = actionsIn(adapter, methods);
      if (adapter.name === customerKeys) keys.push(...keyActionsIn(adapter, methods));
      const touched = literal === undefined ? cursorTables(consumer) : [literal];
      for (const table of touched) {
        // A query is made of the index, all else of the table.
        const ofIndex: readonly TableAction[] =
          index === undefined ? [] : actions.filter((action) => action === 'Query');
        add(`${table}/index/${index}`, ofIndex);
        add(
          table,
          actions.filter((action) => !ofIndex.includes(action)),
        );
      }
    }
  }

  const names = reached.map(({ name }) => name);
  const wiring = reached.filter(({ path }) => path.startsWith('functions/wiring/'));
  const secrets = [
    ...Object.entries(addresses).flatMap(([name, secret]) => (names.includes(name) ? [secret] : [])),
    ...(names.includes('brokerUrl') && brokerSecret ? [brokerSecret] : []),
    ...Object.entries(secretsBy).flatMap(([setting, secret]) =>
      wiring.some(({ text }) => text.includes(`'${setting}'`)) ? [secret] : [],
    ),
  ];
  const mails = names.includes('createSesMail');
  return { tables, secrets: unique(secrets), consumer: consumer?.name, keys: unique(keys), mails };
}

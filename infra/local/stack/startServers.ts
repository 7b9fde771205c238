import { toAwsEnvironment } from '../dynamo/awsEnvironment.ts';
import { naming, prepareBroker, prepareDynamo, probeEventStore, probeHttp } from './prepareServers.ts';
import { servers } from './programs.ts';
import { type GivenAddresses, type Settings, withoutCredentials } from './settings.ts';
import { StackProblem } from './stackProblem.ts';
import type { Supervisor } from './supervisor.ts';

export type Addresses = Readonly<Record<keyof GivenAddresses, string>>;

/**
 * Every server, given or started, side by side; afterwards the topology is declared and the tables are there.
 *
 * @throws StackProblem naming the first that could not be started or used
 */
export async function startServers(
  { given, tablePrefix }: Settings,
  { startServer, track }: Pick<Supervisor, 'startServer' | 'track'>,
): Promise<Addresses> {
  const provide = async (part: keyof GivenAddresses, prepare: (url: string) => Promise<void>): Promise<string> => {
    const address = given[part];
    if (address !== undefined) {
      await track(withoutCredentials(address), naming(part, address, prepare(address)));
      return address;
    }
    const server = servers[part];
    const { url } = await startServer(server);
    if (url === undefined) throw new StackProblem(`${server.name} did not say where it listens`);
    await prepare(url);
    return url;
  };
  const nothing = async (): Promise<void> => {};
  const [eventStore, broker, dynamo, payments, shipping, mail, issuer] = await Promise.all([
    provide('eventStore', given.eventStore === undefined ? nothing : probeEventStore),
    provide('broker', prepareBroker),
    provide('dynamo', (url) => prepareDynamo(url, tablePrefix)),
    provide('payments', given.payments === undefined ? nothing : probeHttp),
    provide('shipping', given.shipping === undefined ? nothing : probeHttp),
    provide('mail', given.mail === undefined ? nothing : probeHttp),
    provide('issuer', given.issuer === undefined ? nothing : probeHttp),
  ]);
  return { eventStore, broker, dynamo, payments, shipping, mail, issuer };
}

/** What functions, relay and event source are told of the world, in the variables they read. */
export function toEnvironment(addresses: Addresses, tablePrefix: string): Readonly<Record<string, string>> {
  return {
    EVENTSTORE_URL: addresses.eventStore,
    RABBITMQ_URL: addresses.broker,
    DYNAMODB_ENDPOINT: addresses.dynamo,
    PAYMENTS_URL: addresses.payments,
    SHIPPING_URL: addresses.shipping,
    SES_ENDPOINT: addresses.mail,
    JWT_ISSUER: addresses.issuer,
    JWT_AUDIENCE: process.env['JWT_AUDIENCE'] || 'waybill',
    MAIL_FROM: process.env['MAIL_FROM'] || 'orders@waybill.example',
    MAIL_TO: process.env['MAIL_TO'] || '{customerId}@customers.example',
    TABLE_PREFIX: tablePrefix,
    ...toAwsEnvironment(process.env),
  };
}

import { message, nested, repeated, string } from '../wire/message.ts';
import type { Service } from './service.ts';

/** What this server says it is. */
export const SERVER_VERSION = '23.10.0';

const SupportedMethod = message({ methodName: string(1), serviceName: string(2), features: repeated(string(3)) });
const SupportedMethods = message({ methods: repeated(nested(1, SupportedMethod)), eventStoreServerVersion: string(2) });

/** ServerFeatures: lists the RPCs there really are, so that clients leave out what isn't. */
export function createServerFeatures(services: readonly Service[]): Service {
  const service: Service = {
    name: 'event_store.client.server_features.ServerFeatures',
    rpcs: { GetSupportedMethods: { kind: 'unary', answer: () => answer } },
  };
  const methods = [...services, service].flatMap(({ name, rpcs, features }) =>
    Object.keys(rpcs).map((rpc) => ({
      serviceName: name.toLowerCase(),
      methodName: rpc.toLowerCase(),
      features: features?.[rpc] ?? [],
    })),
  );
  const answer = SupportedMethods.encode({ methods, eventStoreServerVersion: SERVER_VERSION });
  return service;
}

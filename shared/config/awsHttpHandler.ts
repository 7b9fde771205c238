import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import type { Freezes } from '../kernel/freezes.ts';

type Handler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/**
 * AWS's own HTTP handler, made anew after a freeze: the sockets that it keeps open are dead by then, and would be found so
 * one after the other, each for the price of a request that times out.
 */
export function createAwsHttpHandler(options: NodeHttpHandlerOptions, freezes: Freezes): Handler {
  let current = new NodeHttpHandler(options);
  let seen = freezes.count;
  return {
    metadata: current.metadata,
    handle(request, settings) {
      const { count } = freezes;
      if (count !== seen) {
        seen = count;
        current.destroy();
        current = new NodeHttpHandler(options);
      }
      return current.handle(request, settings);
    },
    destroy: () => current.destroy(),
    updateHttpClientConfig: (key, value) => current.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => current.httpHandlerConfigs(),
  };
}

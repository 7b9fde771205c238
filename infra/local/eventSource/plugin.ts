import { type EventSourceMapping, type RabbitmqEvent, toMapping } from './mapping.ts';

/** As much of the framework's service as is read here. */
interface Serverless {
  readonly service: {
    getAllFunctions(): readonly string[];
    getFunction(key: string): { readonly name: string };
    getAllEventsInFunction(key: string): readonly { readonly rabbitmq?: RabbitmqEvent }[];
  };
}

/** What the process that started serverless-offline is told once functions can be invoked. */
export interface FunctionsReady {
  readonly mappings: readonly EventSourceMapping[];
}

/**
 * Serverless plugin: serverless-offline knows no RabbitMQ source, so the resolved `rabbitmq` events go to the parent
 * process, which feeds the functions from them. Without such a parent (deploy, package, by hand) it does nothing.
 */
export default class EventSourcePlugin {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(serverless: Serverless) {
    this.hooks = {
      'after:offline:start:init': () => {
        const ready: FunctionsReady = { mappings: readMappings(serverless) };
        process.send?.(ready);
      },
    };
  }
}

function readMappings({ service }: Serverless): readonly EventSourceMapping[] {
  return service.getAllFunctions().flatMap((key) =>
    service.getAllEventsInFunction(key).flatMap(({ rabbitmq }) => {
      const mapping = rabbitmq && toMapping(service.getFunction(key).name, rabbitmq);
      return mapping ? [mapping] : [];
    }),
  );
}

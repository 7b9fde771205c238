import { type EventSourceMapping, type RabbitmqEvent, toMapping } from './mapping.ts';

/** As much of the framework's service as is touched here. */
interface Serverless {
  readonly service: {
    readonly custom?: { readonly 'serverless-offline'?: { location?: string } };
    getAllFunctions(): readonly string[];
    getFunction(key: string): { readonly name: string; skipEsbuild?: boolean };
    getAllEventsInFunction(key: string): readonly { readonly rabbitmq?: RabbitmqEvent }[];
  };
}

/** What the process that started serverless-offline is told once functions can be invoked. */
export interface FunctionsReady {
  readonly mappings: readonly EventSourceMapping[];
}

/**
 * Serverless plugin that joins serverless-offline to the local stack. It knows no RabbitMQ source, so the resolved
 * `rabbitmq` events go to the parent process, which feeds the functions from them; and the bundles that the parent has
 * made in `FUNCTIONS_LOCATION` are served as they are. Without such a parent (deploy, package, by hand) it does nothing.
 */
export default class EventSourcePlugin {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(serverless: Serverless) {
    this.hooks = {
      'before:offline:start:init': () => {
        if (process.send) process.on('disconnect', () => process.exit(1));
        serveBundles(serverless, process.env['FUNCTIONS_LOCATION']);
      },
      'after:offline:start:init': () => {
        const ready: FunctionsReady = { mappings: readMappings(serverless) };
        process.send?.(ready);
      },
    };
  }
}

function serveBundles({ service }: Serverless, location: string | undefined): void {
  const offline = service.custom?.['serverless-offline'];
  if (location === undefined || offline === undefined) return;
  offline.location = location;
  for (const key of service.getAllFunctions()) service.getFunction(key).skipEsbuild = true;
}

function readMappings({ service }: Serverless): readonly EventSourceMapping[] {
  return service.getAllFunctions().flatMap((key) =>
    service.getAllEventsInFunction(key).flatMap(({ rabbitmq }) => {
      const mapping = rabbitmq && toMapping(service.getFunction(key).name, rabbitmq);
      return mapping ? [mapping] : [];
    }),
  );
}

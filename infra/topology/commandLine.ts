import { readOptions } from '../commandLine/readOptions.ts';

export const usage = `npm run topology -- diff|apply [options]

What differs on the broker from shared/broker/topology.ts; apply puts it right, and sends what lies in the queue unrouted
round again. Lines with ! are for a person: consumers that were not told of events, queues that fill and that nobody reads, and
why nothing was changed; indented ones say what was left as it is. diff ends with 0 when nothing differs and nothing is to be done, with 2 otherwise.

  --function NAME              a deployed stack's function, such as waybill-dev-applyTopology, does it inside the network
  --region REGION              of that function (AWS_REGION)
  --users FILE                 without --function: JSON, {"relay": {"username": "...", "password": "..."}, ...}; roles:
                               relay, consumer, operator; without it users are left as they are
  --retired-consumer NAME      a consumer that is no more: its queues get nothing more, and go when they are empty and
                               nobody reads them. May be repeated
  --delete-with-messages NAME  a queue that may be deleted with what is in it; of unrouted, what no queue takes when all of it
                               has been round. May be repeated

Without --function the broker is reached directly:
  RABBITMQ_URL      amqp[s]://user:password@host[:port]/virtual-host, of an administrator
  RABBITMQ_API_URL  of its management interface, such as http://127.0.0.1:15672
`;

export interface TopologyCommand {
  readonly action: 'diff' | 'apply';
  readonly retiredConsumers: readonly string[];
  readonly deleteWithMessages: readonly string[];
  /** Where it is done: by a deployed function, or from here. */
  readonly target:
    | { readonly kind: 'function'; readonly name: string; readonly region: string | undefined }
    | {
        readonly kind: 'broker';
        readonly url: string;
        readonly apiUrl: string;
        readonly usersFile: string | undefined;
      };
}

/** @throws Error whose message names what is wrong; undefined: the person wants to know what there is */
export function parseCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): TopologyCommand | undefined {
  const { values, positionals } = readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      function: { type: 'string' },
      region: { type: 'string' },
      users: { type: 'string' },
      'retired-consumer': { type: 'string', multiple: true, default: [] },
      'delete-with-messages': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [action, ...rest] = positionals;
  if ((action !== 'diff' && action !== 'apply') || rest.length > 0) {
    throw new Error(`expected diff or apply, got "${positionals.join(' ')}"`);
  }
  const told = {
    action,
    retiredConsumers: values['retired-consumer'],
    deleteWithMessages: values['delete-with-messages'],
  } as const;
  if (values.function !== undefined) {
    if (values.users !== undefined) throw new Error('--users goes without --function, which reads them from secrets');
    return { ...told, target: { kind: 'function', name: values.function, region: values.region } };
  }
  const { RABBITMQ_URL: url, RABBITMQ_API_URL: apiUrl } = env;
  const missing = [!url && 'RABBITMQ_URL', !apiUrl && 'RABBITMQ_API_URL'].filter(Boolean);
  if (!url || !apiUrl) throw new Error(`set ${missing.join(' and ')}, or say --function`);
  return { ...told, target: { kind: 'broker', url, apiUrl, usersFile: values.users } };
}

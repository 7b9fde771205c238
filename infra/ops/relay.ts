import { UsageProblem } from '../commandLine/usageProblem.ts';
import { connect, readArguments } from './arguments.ts';

interface Overview {
  readonly isHealthy: boolean;
  readonly trouble?: string;
  readonly isBehind: boolean;
  readonly owner?: string;
  readonly renewedAt?: string;
  readonly position?: string;
  readonly head?: string;
  readonly report?: {
    readonly ratePerSecond: number;
    readonly lagEvents?: number;
    readonly lagSeconds?: number;
    readonly lastError?: { readonly code: string; readonly message: string; readonly at: string };
  };
}

const options = { position: { type: 'string' }, 'to-start': { type: 'boolean', default: false } } as const;

/**
 * `relay status | rewind`.
 *
 * @param print one line for a person, or the API's answer with --json
 * @throws UsageProblem, or Error in one line saying what the API answered
 */
export async function relay(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { action, values } = readArguments(args, options);
  const { position, json } = values;
  const isTold = (position === undefined) === values['to-start'];
  const api = connect(values);

  if (action === 'status') {
    if (position !== undefined || values['to-start']) throw new UsageProblem('status takes no position');
    const overview = (await api.get('/ops/relay', {})) as Overview;
    return json ? print(JSON.stringify(overview)) : describe(overview).forEach(print);
  }
  if (action !== 'rewind') throw new UsageProblem(`status or rewind? Not "${action}"`);
  if (!isTold) throw new UsageProblem('say exactly one of --position and --to-start');
  const rewound = (await api.post('/ops/relay/rewind', { to: position ?? 'start' })) as { from: string; to: string };
  if (json) return print(JSON.stringify(rewound));
  print(`set back from ${rewound.from} to ${rewound.to}: what follows is published again, and applied once`);
}

function describe({ isHealthy, trouble, isBehind, owner, renewedAt, position, head, report }: Overview): string[] {
  const lag = report?.lagSeconds === undefined ? '' : `, ${report.lagEvents ?? '?'} events, ${report.lagSeconds} s`;
  const { code, message, at } = report?.lastError ?? {};
  return [
    isHealthy ? 'healthy' : `in trouble: ${trouble ?? 'unknown'}`,
    `held by ${owner ?? 'nobody'}${renewedAt === undefined ? '' : `, renewed at ${renewedAt}`}`,
    `published up to ${position ?? 'nothing'}, the store's end is at ${head ?? 'nothing to publish'}: ${isBehind ? 'behind' : 'caught up'}${lag}`,
    ...(code === undefined ? [] : [`last error ${at}: ${code}: ${message}`]),
  ];
}

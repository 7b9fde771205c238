import { UsageProblem } from '../commandLine/usageProblem.ts';
import { connect, readArguments } from './arguments.ts';
import { holdsEffects } from './discarded.ts';
import { type Letter, printRemedies, type Remedies, warnOfUnreadable } from './printRemedies.ts';

interface Listing {
  readonly total: number;
  readonly isComplete: boolean;
  readonly queueFault?: string;
  readonly causes: Remedies['causes'];
  readonly deadLetters: readonly Letter[];
}

const options = {
  consumer: { type: 'string' },
  id: { type: 'string' },
  cause: { type: 'string' },
  all: { type: 'boolean' },
  limit: { type: 'string' },
  reason: { type: 'string' },
  rate: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

/** Without those that are not given. */
const given = <Value>(values: Readonly<Record<string, Value | undefined>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));

function toRate(text: string | undefined): number | undefined {
  const rate = text === undefined ? undefined : Number(text);
  if (rate !== undefined && !(rate > 0)) throw new UsageProblem(`--rate is "${text}", expected a number above 0`);
  return rate;
}

/**
 * `dead-letters list | redrive | discard`. A remedy that the API has no time to complete in one request is asked for
 * again until nothing remains.
 *
 * @param print one line for a person, or the API's answer with --json
 * @throws UsageProblem, or Error in one line saying what the API answered, or that it has no dead letter of that id
 */
export async function deadLetters(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { action, values } = readArguments(args, options);
  const { consumer, id, cause, limit, reason, all, json } = values;
  const api = connect(values);

  if (action === 'list') {
    const listing = (await api.get('/ops/dead-letters', given({ consumer, id, cause, limit }))) as Listing;
    return json ? print(JSON.stringify(listing)) : printListing(listing, print);
  }
  if (action !== 'redrive' && action !== 'discard') throw new UsageProblem(`list, redrive or discard? Not "${action}"`);
  if ([id, cause, all].filter((value) => value !== undefined).length !== 1) {
    throw new UsageProblem('say exactly one of --id, --cause and --all');
  }
  if ((action === 'discard') !== (reason !== undefined)) {
    throw new UsageProblem(action === 'discard' ? 'discard needs a --reason' : 'redrive takes no --reason');
  }
  if (action === 'redrive' && values.yes) throw new UsageProblem('redrive takes no --yes');
  const isDry = values['dry-run'];
  const body = given({ consumer, id, cause, all, reason, ratePerSecond: toRate(values.rate) });
  const ask = async (more: object): Promise<Remedies> =>
    (await api.post(`/ops/dead-letters/${action}`, { ...body, ...more })) as Remedies;
  let isSent = false;
  const show = (remedies: Remedies): void => {
    if (json) print(JSON.stringify(remedies));
    else printRemedies(action, remedies, print);
    if (!json && action === 'redrive') warnOfUnreadable(remedies, print);
    isSent ||= (remedies.counts['done'] ?? 0) > 0;
  };
  const requireSome = ({ matched }: Remedies): void => {
    const ofConsumer = consumer === undefined ? '' : ` of ${consumer}`;
    if (matched > 0) return;
    if (id !== undefined) throw new Error(`there is no dead letter "${id}"${ofConsumer}: list names those there are`);
    if (cause !== undefined)
      throw new Error(`there is no dead letter${ofConsumer} of the cause "${cause}": list shows the causes there are`);
  };

  // Or what has come back meanwhile would be sent round for ever, and what has failed since discarded unseen.
  let since = {};
  if (isDry || (action === 'discard' && !values.yes)) {
    const meant = await ask({ dryRun: true });
    const needsYes = action === 'discard' && !values.yes && mayHoldEffects(meant);
    if (isDry || needsYes) show(meant);
    if (needsYes && !isDry) throw new Error(wantsYes);
    if (needsYes && !json) print('this discard needs --yes');
    requireSome(meant);
    if (isDry) return;
    since = { failedBefore: meant.failedBefore };
  }
  let remedies = await ask(since);
  show(remedies);
  requireSome(remedies);
  while (remedies.again) {
    remedies = await ask({ failedBefore: remedies.failedBefore });
    show(remedies);
  }
  if (isSent && !json && action === 'redrive') print('sent round again is not done yet: look at list in a moment');
}

const wantsYes =
  'nothing is discarded: orders or their money would stay as they are for good, and no list would show it. Mend the cause and redrive, or say --yes as well';

/** An answer tells a hundred causes, an older API's none: of those that it leaves out the worst is assumed. */
const mayHoldEffects = ({ matched, causes = [] }: Remedies): boolean =>
  holdsEffects(causes) || causes.reduce((sum, { count }) => sum + count, 0) < matched;

function printListing(
  { total, isComplete, queueFault, causes, deadLetters: letters }: Listing,
  print: (line: string) => void,
): void {
  const count = `${isComplete ? '' : 'at least '}${total} dead letter${total === 1 ? '' : 's'}`;
  const none = queueFault === undefined ? 'no dead letters' : 'no stream is blocked';
  print(total === 0 ? none : count);
  if (queueFault !== undefined)
    print(`the queues could not be looked into (${queueFault}): messages that could not be read are not told of`);
  for (const { consumer, cause, count } of causes) print(`${String(count).padStart(7)}  ${consumer}  ${cause}`);
  for (const { id, reason, error, attempts, lastFailedAt } of letters) {
    print(
      `\n${id}\n         ${reason} after ${attempts} attempt${attempts === 1 ? '' : 's'}, last ${lastFailedAt}\n         ${error}`,
    );
  }
}

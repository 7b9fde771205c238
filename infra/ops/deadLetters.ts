import { connect, readArguments } from './arguments.ts';
import { UsageProblem } from './usageProblem.ts';

interface Letter {
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly lastFailedAt: string;
  readonly outcome?: string;
  readonly waitingEvents?: number;
}

interface Listing {
  readonly total: number;
  readonly isComplete: boolean;
  readonly causes: readonly { readonly consumer: string; readonly cause: string; readonly count: number }[];
  readonly deadLetters: readonly Letter[];
}

interface Remedies {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly again: boolean;
  readonly failedBefore: string;
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
  const body = {
    ...given({ consumer, id, cause, all, reason, ratePerSecond: toRate(values.rate) }),
    dryRun: values['dry-run'],
  };
  let isSent = false;
  for (let [again, since] = [true, {}]; again; ) {
    const remedies = (await api.post(`/ops/dead-letters/${action}`, { ...body, ...since })) as Remedies;
    if (json) print(JSON.stringify(remedies));
    else printRemedies(action, remedies, print);
    if (!json && action === 'redrive') warnOfUnreadable(remedies, print);
    if (id !== undefined && remedies.matched === 0)
      throw new Error(
        `there is no dead letter "${id}"${consumer === undefined ? '' : ` of ${consumer}`}: list names those there are`,
      );
    isSent ||= (remedies.counts['done'] ?? 0) > 0;
    again = remedies.again;
    // Or what has come back meanwhile would be sent round for ever.
    since = { failedBefore: remedies.failedBefore };
  }
  if (isSent && !json && action === 'redrive') print('sent round again is not done yet: look at list in a moment');
}

function printListing(
  { total, isComplete, causes, deadLetters: letters }: Listing,
  print: (line: string) => void,
): void {
  const count = `${isComplete ? '' : 'at least '}${total} dead letter${total === 1 ? '' : 's'}`;
  print(total === 0 ? 'no dead letters' : count);
  for (const { consumer, cause, count } of causes) print(`${String(count).padStart(7)}  ${consumer}  ${cause}`);
  for (const { id, reason, error, attempts, lastFailedAt } of letters) {
    print(
      `\n${id}\n         ${reason} after ${attempts} attempt${attempts === 1 ? '' : 's'}, last ${lastFailedAt}\n         ${error}`,
    );
  }
}

/** The API's outcomes, in words of which none promises that an event is applied by now. */
const words = {
  redrive: {
    done: 'sent round again',
    already: 'no longer open',
    'remedied-otherwise': 'discarded before',
    'would-be-done': 'would be sent round',
    remaining: 'left for now',
  },
  discard: {
    done: 'discarded',
    already: 'no longer open',
    'remedied-otherwise': 'redriven before',
    'would-be-done': 'would be discarded',
    remaining: 'left for now',
  },
} as const;
type Action = keyof typeof words;
type Outcome = keyof (typeof words)[Action];

/** What comes after the event that failed in its stream, as far as has been heard. */
function toFollowing(action: Action, { waitingEvents = 0 }: Letter): string {
  const count = waitingEvents - 1;
  if (count < 1) return '';
  const events = `${count} event${count === 1 ? '' : 's'} after it`;
  return action === 'redrive' ? `, and ${events}` : `; ${events} ${count === 1 ? 'goes' : 'go'} on`;
}

function printRemedies(
  action: Action,
  { matched, counts, deadLetters: letters }: Remedies,
  print: (line: string) => void,
): void {
  const say = (outcome: string): string => words[action][outcome as Outcome] ?? outcome;
  for (const letter of letters) {
    print(`${say(letter.outcome ?? '').padEnd(20)} ${letter.id}${toFollowing(action, letter)}`);
  }
  if (letters.length < matched) print(`and ${matched - letters.length} more`);
  const summary = Object.entries(counts).map(([outcome, count]) => `${count} ${say(outcome)}`);
  print(`${matched} selected${summary.length > 0 ? `: ${summary.join(', ')}` : ''}`);
}

/** Redriven, it goes to its reader, who can't read it, and is a dead letter again. */
function warnOfUnreadable({ matched, deadLetters: letters }: Remedies, print: (line: string) => void): void {
  const count = letters.filter(({ reason }) => reason === 'malformed').length;
  if (count === 0) return;
  print(
    `${letters.length < matched ? 'at least ' : ''}${count} of them could not be read: what can't be comes back at once, unless its reader has changed; discard it`,
  );
}

import { toLoss } from './discarded.ts';

export interface Letter {
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly lastFailedAt: string;
  /** Of a blocked stream. */
  readonly stream?: string;
  /** Of the event that failed there. */
  readonly type?: string;
  readonly outcome?: string;
  readonly waitingEvents?: number;
}

export interface Remedies {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly causes: readonly { readonly consumer: string; readonly cause: string; readonly count: number }[];
  readonly again: boolean;
  readonly failedBefore: string;
  readonly deadLetters: readonly Letter[];
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

const isGone = ({ outcome }: Letter): boolean => outcome === 'done' || outcome === 'would-be-done';

const toLost = ({ stream, consumer, type }: Letter): string =>
  stream === undefined ? 'the message alone goes: no stream passes over an event for it' : toLoss(consumer, type);

/** What has become of each, a line each; what a discard leaves undone for good in one more. */
export function printRemedies(
  action: Action,
  { matched, counts, deadLetters: letters }: Remedies,
  print: (line: string) => void,
): void {
  const say = (outcome: string): string => words[action][outcome as Outcome] ?? outcome;
  for (const letter of letters) {
    print(`${say(letter.outcome ?? '').padEnd(20)} ${letter.id}${toFollowing(action, letter)}`);
    if (action === 'discard' && isGone(letter)) print(`${' '.repeat(21)}${toLost(letter)}`);
  }
  if (letters.length < matched) print(`and ${matched - letters.length} more`);
  const summary = Object.entries(counts).map(([outcome, count]) => `${count} ${say(outcome)}`);
  print(`${matched} selected${summary.length > 0 ? `: ${summary.join(', ')}` : ''}`);
}

/** Redriven, it goes to its reader, who can't read it, and is a dead letter again. */
export function warnOfUnreadable({ matched, deadLetters: letters }: Remedies, print: (line: string) => void): void {
  const count = letters.filter(({ reason }) => reason === 'malformed').length;
  if (count === 0) return;
  print(
    `${letters.length < matched ? 'at least ' : ''}${count} of them could not be read: what can't be comes back at once, unless its reader has changed; discard it`,
  );
}

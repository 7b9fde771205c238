import { type Journal, openJournal } from '../journal.ts';
import { type AuthorizationRequest, createLedger, type Ledger, type Settlement } from './ledger.ts';

/** One thing that the ledger was told, with all that decides what comes of it. */
type Entry =
  | {
      readonly told: 'authorize';
      readonly key: string;
      readonly request: AuthorizationRequest;
      readonly declines: boolean;
    }
  | { readonly told: 'settle'; readonly key: string; readonly authorizationId: string; readonly settlement: Settlement }
  | { readonly told: 'ignore'; readonly key: string; readonly request: string };

export interface KeptLedger {
  readonly ledger: Ledger;
  close(): void;
}

/**
 * A ledger whose books are in a folder: told again what it was told, it has the same answers and effects. Everything is
 * on disk before it is carried out, so what a caller knows the books know after a crash as well.
 *
 * @throws in one line when the folder is in use or damaged
 */
export function openLedger(directory: string): KeptLedger {
  const journal: Journal<Entry> = openJournal<Entry>(directory);
  const inner = createLedger();
  for (const entry of journal.entries) tell(inner, entry);
  const ledger: Ledger = {
    authorize: (key, request, declines = false) => {
      journal.append({ told: 'authorize', key, request, declines });
      return inner.authorize(key, request, declines);
    },
    settle: (key, authorizationId, settlement) => {
      journal.append({ told: 'settle', key, authorizationId, settlement });
      return inner.settle(key, authorizationId, settlement);
    },
    ignore: (key, request) => {
      journal.append({ told: 'ignore', key, request });
      inner.ignore(key, request);
    },
    log: inner.log,
  };
  return { ledger, close: journal.close };
}

function tell(ledger: Ledger, entry: Entry): void {
  switch (entry.told) {
    case 'authorize':
      ledger.authorize(entry.key, entry.request, entry.declines);
      break;
    case 'settle':
      ledger.settle(entry.key, entry.authorizationId, entry.settlement);
      break;
    case 'ignore':
      ledger.ignore(entry.key, entry.request);
      break;
  }
}

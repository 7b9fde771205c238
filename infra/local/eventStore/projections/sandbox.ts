import { types } from 'node:util';
import vm from 'node:vm';
import type { Emission } from './emission.ts';
import { SANDBOX_SCRIPT } from './sandboxScript.ts';

/** What a query reads. */
export interface QuerySource {
  readonly all: boolean;
  readonly streams: readonly string[];
  readonly categories: readonly string[];
  readonly includesLinks: boolean;
}

/** An event as a query sees it; what is parsed from the raw texts is added inside. */
export interface QueryEvent {
  readonly isJson: boolean;
  readonly bodyRaw: string;
  readonly metadataRaw: string;
  readonly sequenceNumber: number;
  readonly streamId: string;
  readonly eventType: string;
  readonly eventId: string;
  /** The stream the event came from before any link. */
  readonly __origin: string;
  readonly __projection: string;
}

/** What came of a batch: the emissions of each event handled, and why it stopped before the end, if it did. */
export interface HandledBatch {
  readonly results: readonly (readonly Emission[])[];
  readonly error?: string;
}

const TIME_LIMIT_MS = 1000;
type Entry = '__handle' | '__define' | '__state' | '__result';

/**
 * Runs a custom projection's JavaScript where it can reach nothing: a context of its own without any object of ours,
 * which takes and gives text, with no `eval`, no modules, and a second at most for each run.
 */
export class Sandbox {
  readonly source: QuerySource;
  readonly #context: vm.Context;

  /** Throws what is wrong with the query. */
  constructor(query: string) {
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    });
    this.#run(new vm.Script(SANDBOX_SCRIPT, { filename: 'projection-api.js' }));
    this.#run(new vm.Script(query, { filename: 'query.js' }));
    this.source = JSON.parse(this.#text('__define')) as QuerySource;
  }

  handle(events: readonly QueryEvent[]): HandledBatch {
    try {
      return JSON.parse(this.#text('__handle', JSON.stringify(events))) as HandledBatch;
    } catch (error) {
      return { results: [], error: messageOf(error) };
    }
  }

  /** The raw state of a partition; the unnamed one is ''. */
  state(partition: string): unknown {
    return JSON.parse(this.#text('__state', partition));
  }

  /** The state after `transformBy` and `filterBy`. */
  result(partition: string): unknown {
    return JSON.parse(this.#text('__result', partition));
  }

  /** The input is part of the script, so that nothing of the query's runs outside of the time limit. */
  #text(entry: Entry, input = ''): string {
    const answer = this.#run(new vm.Script(`${entry}(${JSON.stringify(input)})`));
    if (typeof answer !== 'string') throw new Error('the query has replaced a part of the projection API');
    return answer;
  }

  #run(script: vm.Script): unknown {
    return script.runInContext(this.#context, { timeout: TIME_LIMIT_MS, displayErrors: false });
  }
}

/** What was thrown inside may be anything, traps included: only a plain text that it holds is read, and nothing of it runs. */
export function messageOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null || types.isProxy(error)) return 'the query failed';
  const message: unknown = Object.getOwnPropertyDescriptor(error, 'message')?.value;
  return typeof message === 'string' ? message : 'the query failed';
}

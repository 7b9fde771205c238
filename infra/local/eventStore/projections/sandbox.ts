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
const HANDLE = new vm.Script('__handle()');
const DEFINE = new vm.Script('__define()');
const STATE = new vm.Script('__state()');
const RESULT = new vm.Script('__result()');

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
    this.source = JSON.parse(this.#text(DEFINE)) as QuerySource;
  }

  handle(events: readonly QueryEvent[]): HandledBatch {
    try {
      return JSON.parse(this.#text(HANDLE, JSON.stringify(events))) as HandledBatch;
    } catch (error) {
      return { results: [], error: messageOf(error) };
    }
  }

  /** The raw state of a partition; the unnamed one is ''. */
  state(partition: string): unknown {
    return JSON.parse(this.#text(STATE, partition));
  }

  /** The state after `transformBy` and `filterBy`. */
  result(partition: string): unknown {
    return JSON.parse(this.#text(RESULT, partition));
  }

  #text(script: vm.Script, input = ''): string {
    this.#context['__input'] = input;
    const answer = this.#run(script);
    if (typeof answer !== 'string') throw new Error('the query has replaced a part of the projection API');
    return answer;
  }

  #run(script: vm.Script): unknown {
    return script.runInContext(this.#context, { timeout: TIME_LIMIT_MS });
  }
}

/** Errors from inside are not instances of our `Error`. */
export function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : 'the query failed';
}

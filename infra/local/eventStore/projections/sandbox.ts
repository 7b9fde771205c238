import { types } from 'node:util';
import vm from 'node:vm';
import { type HandledBatch, handledBatch, parseAnswer, type QuerySource, querySource } from './sandboxAnswers.ts';
import { SANDBOX_SCRIPT } from './sandboxScript.ts';

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

const TIME_LIMIT_MS = 1000;
const API = new vm.Script(SANDBOX_SCRIPT, { filename: 'projection-api.js' });
/** Compiled once: a script is kept by the engine for a while, and with it all of its text. */
const ENTRIES = {
  define: new vm.Script('__define()'),
  handle: new vm.Script('__handle()'),
  state: new vm.Script('__state()'),
  result: new vm.Script('__result()'),
};

/**
 * Runs a custom projection's JavaScript where it can reach nothing: a context of its own without any object of ours,
 * which takes and gives text, with no `eval`, no modules, and a second at most for each run.
 */
export class Sandbox {
  readonly source: QuerySource;
  readonly #context: vm.Context;
  /** An object of the sandbox. Only ever written to: what is read from there may be the query's. */
  readonly #box: { input: string };

  /** Throws what is wrong with the query. */
  constructor(query: string) {
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    });
    this.#box = this.#run(API) as { input: string };
    this.#run(new vm.Script(query, { filename: 'query.js' }));
    this.source = parseAnswer(querySource, this.#text(ENTRIES.define));
  }

  handle(events: readonly QueryEvent[]): HandledBatch {
    try {
      const batch = parseAnswer(handledBatch, this.#text(ENTRIES.handle, JSON.stringify(events)));
      if (batch.results.length <= events.length) return batch;
      return { results: [], error: 'the query gives back more than it was given' };
    } catch (error) {
      return { results: [], error: messageOf(error) };
    }
  }

  /** The raw state of a partition; the unnamed one is ''. */
  state(partition: string): unknown {
    return JSON.parse(this.#text(ENTRIES.state, partition));
  }

  /** The state after `transformBy` and `filterBy`. */
  result(partition: string): unknown {
    return JSON.parse(this.#text(ENTRIES.result, partition));
  }

  #text(entry: vm.Script, input = ''): string {
    this.#box.input = input;
    const answer = this.#run(entry);
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

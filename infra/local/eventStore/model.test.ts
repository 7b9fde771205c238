import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openAccess } from './access/access.ts';
import { createMemoryCommitter } from './log/committer.ts';
import { ANY, NO_STREAM, STREAM_EXISTS } from './log/decideAppend.ts';
import { EventLog } from './log/eventLog.ts';
import { append, newEventId, softDelete, tombstone, type WriteOutcome } from './log/write.ts';
import { readStream } from './rpc/streams/readStream.ts';
import { subscribeAll } from './rpc/streams/subscribeAll.ts';
import { subscribeStream } from './rpc/streams/subscribeStream.ts';
import { FakeCall } from './testing/fakeCall.ts';
import { type Expected, Model, type ModelOutcome } from './testing/model.ts';

const name = fc.constantFrom('a-1', 'b-1', 'c');
const expected: fc.Arbitrary<Expected> = fc.oneof(
  fc.constantFrom<Expected>('any', 'any', 'none', 'exists'),
  fc.integer({ min: 0, max: 6 }),
);
/** Few ids, so that repeats happen, whole and in part, and across streams. */
const ids = fc.array(fc.integer({ min: 0, max: 6 }).map(String), { maxLength: 4 });

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), name, expected, ids }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name, expected }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tombstone' as const), name, expected }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('truncate' as const),
      name,
      maxCount: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      truncateBefore: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('subscribe' as const), name, appetite: fc.integer({ min: 1, max: 3 }) }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const CODES = { any: ANY, none: NO_STREAM, exists: STREAM_EXISTS } as const;
const toCode = (value: Expected): bigint => (typeof value === 'number' ? BigInt(value) : CODES[value]);
const toEvent = (id: string) => ({
  id: createHash('md5').update(id).digest(),
  type: 'T',
  isJson: false,
  metadata: Buffer.alloc(0),
  data: Buffer.alloc(0),
});

/** The log under test, with the subscriptions that follow it. */
class Run {
  // Hundreds of logs of 4 MB each would be a test of the garbage collector.
  readonly log = new EventLog(() => 1_700_000_000_000, 1 << 12);
  readonly model = new Model();
  readonly committer = createMemoryCommitter(this.log);
  readonly context = { log: this.log, committer: this.committer, maxAppendBytes: 1024, access: openAccess };
  readonly checks: (() => void)[] = [];

  async apply(one: Operation): Promise<void> {
    switch (one.do) {
      case 'append': {
        const before = this.log.records.count;
        const outcome = append(this.log, one.name, toCode(one.expected), one.ids.map(toEvent));
        const wanted = this.model.append(one.name, one.expected, one.ids);
        this.#agree(outcome, wanted);
        if (wanted === 'repeat') expect(this.log.records.count).toBe(before);
        break;
      }
      case 'delete':
        this.#agree(
          softDelete(this.log, one.name, toCode(one.expected)),
          this.model.softDelete(one.name, one.expected),
        );
        break;
      case 'tombstone':
        this.#agree(tombstone(this.log, one.name, toCode(one.expected)), this.model.tombstone(one.name, one.expected));
        break;
      case 'truncate': {
        const data = Buffer.from(JSON.stringify({ $maxCount: one.maxCount, $tb: one.truncateBefore }));
        const event = { id: newEventId(), type: '$metadata', isJson: true, metadata: Buffer.alloc(0), data };
        const outcome = append(this.log, `$$${one.name}`, ANY, [event]);
        this.#agree(outcome, this.model.truncate(one.name, one.maxCount, one.truncateBefore));
        break;
      }
      case 'subscribe':
        this.#subscribe(one.name, one.appetite);
        break;
    }
    this.committer.commit(() => undefined);
    await this.#read(one.name);
    await setImmediate();
  }

  #agree(outcome: WriteOutcome, wanted: ModelOutcome): void {
    const words = { written: ['ok', 'repeat'], 'wrong-expected': ['wrong'], 'stream-deleted': ['deleted'] } as const;
    expect(words[outcome.outcome]).toContain(wanted);
  }

  async #read(stream: string): Promise<void> {
    const common = {
      kind: 'stream',
      name: stream,
      count: 1000,
      resolvesLinks: false,
      uuidAsText: true,
      tellsEnds: false,
    } as const;
    for (const isBackwards of [false, true]) {
      const call = new FakeCall(2);
      const query = { ...common, isBackwards, from: isBackwards ? ('end' as const) : ('start' as const) };
      await readStream(this.context, query, call.output).catch((error: unknown) => call.output.fail(error));
      const wanted = this.model.read(stream);
      expect(call.told).toEqual(isBackwards ? wanted.reverse() : wanted);
    }
  }

  #subscribe(stream: string, appetite: number): void {
    const all = new FakeCall(appetite);
    const query = { kind: 'allSubscription', resolvesLinks: false, uuidAsText: true, filter: undefined } as const;
    const interval = { checkpointInterval: Number.POSITIVE_INFINITY };
    void subscribeAll(this.context, { ...query, ...interval, from: 'start' }, all.output);
    this.checks.push(() => expect(all.events).toEqual(this.model.log));

    const one = new FakeCall(appetite);
    const streamQuery = { kind: 'streamSubscription', resolvesLinks: false, uuidAsText: true, name: stream } as const;
    const subscribing = subscribeStream(this.context, { ...streamQuery, from: 'end' }, one.output);
    void subscribing.catch((error: unknown) => one.output.fail(error));
    const before = this.model.log.length;
    const wasTombstoned = this.model.stream(stream).isTombstoned;
    this.checks.push(() => {
      const later = this.model.log.slice(before).filter((line) => line.startsWith(`${stream} `));
      const isOver = !wasTombstoned && this.model.stream(stream).isTombstoned;
      expect(one.events).toEqual(isOver ? [...later, `error Event stream '${stream}' is deleted.`] : later);
    });
  }
}

test('does what the rules say, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 30 }), async (operations) => {
      const run = new Run();
      for (const one of operations) await run.apply(one);
      // The slowest subscriber takes one message a turn.
      for (let turn = 0; turn < run.log.visible + 20; turn++) await setImmediate();
      for (const check of run.checks) check();
    }),
    { numRuns: 400 },
  );
});

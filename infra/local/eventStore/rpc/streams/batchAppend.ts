import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { User } from '../../access/access.ts';
import { append } from '../../log/write.ts';
import { type BatchAppendOptions, BatchAppendReq, BatchAppendResp } from '../../wire/batch.ts';
import type { MessageValue } from '../../wire/message.ts';
import type { Outgoing } from '../../wire/outgoing.ts';
import { MissingMetadata } from '../../wire/proposed.ts';
import { MalformedMessage } from '../../wire/protoReader.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { type Context, callerOf } from '../context.ts';
import type { Output } from '../output.ts';
import { invalidArgument } from '../rpcError.ts';
import type { Rpc } from '../service.ts';
import { toSuccess } from './append.ts';
import { type BatchFailure, badRequest, deleted, denied, timedOut, tooLarge, wrongExpected } from './batchFailure.ts';
import { AppendTooLarge, CollectedEvents } from './collectedEvents.ts';
import { parseExpected, parseStreamName, type WriteTarget } from './writeRequest.ts';

/** An append whose last message has not come yet. */
interface OpenAppend {
  readonly correlationId: Buffer;
  readonly target: WriteTarget;
  readonly collected: CollectedEvents;
  readonly timer: NodeJS.Timeout | undefined;
}

type Request = MessageValue<typeof BatchAppendReq>;

const LONGEST_WAIT_MS = 2000;

/**
 * Streams.BatchAppend: many appends on one call, told apart by correlation id. Each gets exactly one answer: a second
 * one would crash the client. They are written in the order in which they are complete.
 */
export const createBatchAppend = (context: Context): Rpc => ({
  kind: 'both',
  answer: (requests, output) => {
    const batch = new BatchCall(context, requests, output);
    requests.on('data', (request: Buffer) => batch.take(request));
    requests.on('end', () => batch.finish());
    output.onClose(() => batch.forgetAll());
  },
});

class BatchCall {
  readonly #context: Context;
  readonly #requests: ServerDuplexStream<Buffer, Outgoing>;
  readonly #output: Output;
  readonly #user: User;
  readonly #open = new Map<string, OpenAppend>();

  constructor(context: Context, requests: ServerDuplexStream<Buffer, Outgoing>, output: Output) {
    this.#context = context;
    this.#requests = requests;
    this.#output = output;
    this.#user = callerOf(context, requests.metadata);
  }

  take(bytes: Buffer): void {
    try {
      this.#accept(BatchAppendReq.decode(bytes));
    } catch (error) {
      this.#output.fail(error instanceof MalformedMessage ? invalidArgument(error.message) : error);
    }
  }

  /** The client sends no more: what can't be completed is forgotten, what is written is still answered. */
  finish(): void {
    this.forgetAll();
    this.#context.committer.commit(() => this.#output.end());
  }

  forgetAll(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }

  #accept(request: Request): void {
    const correlationId = request.correlationId ?? Buffer.alloc(0);
    const key = correlationId.toString('latin1');
    const entry = this.#open.get(key) ?? this.#begin(key, correlationId, request);
    if (!entry) return;
    const problem = this.#collect(entry, request);
    if (problem) this.#refuse(key, entry.correlationId, entry.target.name, problem);
    else if (request.isFinal) this.#write(key, entry);
  }

  #begin(key: string, correlationId: Buffer, request: Request): OpenAppend | undefined {
    if (!request.options) return undefined;
    const name = request.options.streamIdentifier?.streamName ?? '';
    const target = parseTarget(request.options);
    if ('code' in target) {
      this.#refuse(key, correlationId, name, target);
      return undefined;
    }
    if (!this.#context.access.isAllowed(this.#user, 'write', target.name)) {
      this.#refuse(key, correlationId, name, denied());
      return undefined;
    }
    const waitMs = Math.min(timeLeftMs(request.options), LONGEST_WAIT_MS);
    if (waitMs <= 0) {
      this.#refuse(key, correlationId, name, timedOut());
      return undefined;
    }
    const timer = request.isFinal
      ? undefined
      : setTimeout(() => this.#refuse(key, correlationId, name, timedOut()), waitMs);
    const collected = new CollectedEvents(this.#context.maxAppendBytes);
    const entry = { correlationId, target, collected, timer };
    this.#open.set(key, entry);
    return entry;
  }

  #collect({ collected }: OpenAppend, request: Request): BatchFailure | undefined {
    try {
      for (const message of request.proposedMessages ?? []) collected.add(message);
      return undefined;
    } catch (error) {
      if (error instanceof AppendTooLarge) return tooLarge(error.maxBytes);
      if (error instanceof MissingMetadata || error instanceof InvalidRequest) return badRequest(error.message);
      throw error;
    }
  }

  #write(key: string, { correlationId, target, collected }: OpenAppend): void {
    this.#forget(key);
    const outcome = append(this.#context.log, target.name, target.expected, collected.events);
    this.#context.committer.commit(() => {
      if (outcome.outcome === 'written') this.#answer(correlationId, target.name, { success: toSuccess(outcome) });
      else if (outcome.outcome === 'stream-deleted')
        this.#answer(correlationId, target.name, { error: deleted(target) });
      else this.#answer(correlationId, target.name, { error: wrongExpected(target, outcome.current) });
    });
  }

  #refuse(key: string, correlationId: Buffer, name: string, error: BatchFailure): void {
    this.#forget(key);
    this.#context.committer.commit(() => this.#answer(correlationId, name, { error }));
  }

  #forget(key: string): void {
    clearTimeout(this.#open.get(key)?.timer);
    this.#open.delete(key);
  }

  #answer(correlationId: Buffer, name: string, result: MessageValue<typeof BatchAppendResp>): void {
    const answer = BatchAppendResp.encode({ correlationId, ...result, streamIdentifier: { streamName: name } });
    if (this.#output.send(answer) || this.#output.isClosed) return;
    // Who doesn't read the answers can't go on sending.
    this.#requests.pause();
    void this.#output.ready().then(() => this.#requests.resume());
  }
}

function parseTarget(options: MessageValue<typeof BatchAppendOptions>): WriteTarget | BatchFailure {
  try {
    const { streamPosition, noStream, any, streamExists } = options;
    return {
      name: parseStreamName(options.streamIdentifier),
      expected: parseExpected(streamPosition, noStream, any, streamExists),
    };
  } catch (error) {
    if (error instanceof InvalidRequest) return badRequest(error.message);
    throw error;
  }
}

function timeLeftMs({ deadlineInstant, deadlineDuration }: MessageValue<typeof BatchAppendOptions>): number {
  if (deadlineDuration) return toMs(deadlineDuration);
  if (deadlineInstant) return toMs(deadlineInstant) - Date.now();
  return LONGEST_WAIT_MS;
}

function toMs({ seconds, nanos }: { seconds?: bigint | undefined; nanos?: number | undefined }): number {
  return Number(seconds ?? 0n) * 1000 + (nanos ?? 0) / 1_000_000;
}

import { ANY, type ExpectedRevision, NO_STREAM, STREAM_EXISTS, toExpectedRevision } from '../../log/decideAppend.ts';
import { problemOf } from '../../log/streamName.ts';
import type { MessageValue } from '../../wire/message.ts';
import { InvalidRequest, type StreamIdentifier } from '../../wire/shared.ts';
import type { AppendOptions } from '../../wire/streams.ts';

/** Which stream a write is for, and what its writer expects to find there. */
export interface WriteTarget {
  readonly name: string;
  readonly expected: ExpectedRevision;
}

/** Throws `InvalidRequest` when the stream has no usable name or nothing is expected. */
export function parseWriteTarget(options: MessageValue<typeof AppendOptions> | undefined): WriteTarget {
  if (!options) throw new InvalidRequest('A write needs options.');
  const { revision, noStream, any, streamExists } = options;
  return {
    name: parseStreamName(options.streamIdentifier),
    expected: parseExpected(revision, noStream, any, streamExists),
  };
}

/** Throws `InvalidRequest` when nothing can be written to such a stream. */
export function parseStreamName(identifier: MessageValue<typeof StreamIdentifier> | undefined): string {
  const name = identifier?.streamName ?? '';
  const problem = problemOf(name);
  if (problem !== undefined) throw new InvalidRequest(problem);
  return name;
}

/** Throws `InvalidRequest` when none of the four is given. */
export function parseExpected(
  exact: bigint | undefined,
  noStream?: object,
  any?: object,
  exists?: object,
): ExpectedRevision {
  if (exact !== undefined) return toExpectedRevision(exact);
  if (noStream) return NO_STREAM;
  if (any) return ANY;
  if (exists) return STREAM_EXISTS;
  throw new InvalidRequest('The expected revision is missing.');
}

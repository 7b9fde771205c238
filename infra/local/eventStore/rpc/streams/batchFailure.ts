import { ANY, NO_STREAM, STREAM_EXISTS } from '../../log/decideAppend.ts';
import { BadRequest, MaximumAppendSizeExceeded, StreamDeleted, WrongExpectedVersion } from '../../wire/batch.ts';
import type { WriteTarget } from './writeRequest.ts';

/** A failure inside a batch append's answer: google.rpc.Status with one detail. Codes are gRPC's. */
export interface BatchFailure {
  readonly code: number;
  readonly message: string;
  readonly details: { readonly typeUrl: string; readonly value: Buffer };
}

const NO_BYTES = Buffer.alloc(0);

function failure(code: number, message: string, value: Buffer): BatchFailure {
  return { code, message, details: { typeUrl: `type.googleapis.com/event_store.client.${message}`, value } };
}

export const wrongExpected = ({ expected }: WriteTarget, current: number): BatchFailure =>
  failure(
    6,
    'WrongExpectedVersion',
    WrongExpectedVersion.encode({
      ...(current < 0 ? { currentNoStream: {} } : { currentStreamRevision: BigInt(current) }),
      ...(expected >= 0n && { expectedStreamPosition: expected }),
      ...(expected === ANY && { expectedAny: {} }),
      ...(expected === STREAM_EXISTS && { expectedStreamExists: {} }),
      ...(expected === NO_STREAM && { expectedNoStream: {} }),
    }),
  );

export const deleted = ({ name }: WriteTarget): BatchFailure =>
  failure(5, 'StreamDeleted', StreamDeleted.encode({ streamIdentifier: { streamName: name } }));

export const tooLarge = (maxAppendSize: number): BatchFailure =>
  failure(3, 'MaximumAppendSizeExceeded', MaximumAppendSizeExceeded.encode({ maxAppendSize }));

export const badRequest = (message: string): BatchFailure => failure(3, 'BadRequest', BadRequest.encode({ message }));

export const timedOut = (): BatchFailure => failure(4, 'Timeout', NO_BYTES);

export const denied = (): BatchFailure => failure(7, 'AccessDenied', NO_BYTES);

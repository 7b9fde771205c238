import { ErrorType, isCommandError } from '@eventstore/db-client';
import { Fault } from '../kernel/fault.ts';

export const isOfType = (error: unknown, type: ErrorType): error is Error =>
  error instanceof Error && isCommandError(error) && error.type === type;

const remedies = {
  refused: "correct user and password in EVENTSTORE_URL, or give that user's streams their permissions",
  unreachable: 'is the server running there, and EVENTSTORE_URL its address (tls=false without TLS)?',
} as const;

/** The client's error as a fault that says what was being done, and what to do where that is known. */
export function toStoreFault(error: unknown, doing: string): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isOfType(error, ErrorType.STREAM_DELETED)) {
    return new Fault('store/stream-deleted', `${doing}: the stream is deleted`, error);
  }
  if (isOfType(error, ErrorType.ACCESS_DENIED)) {
    return new Fault('store/refused', `${doing}: ${reason}: ${remedies.refused}`, error);
  }
  const isUnreached = /UNAVAILABLE|Name resolution|ECONNREFUSED|no answer|not confirmed/.test(reason);
  return new Fault('store/unavailable', `${doing}: ${reason}${isUnreached ? `: ${remedies.unreachable}` : ''}`, error);
}

import { ErrorType, isCommandError } from '@eventstore/db-client';
import { Fault } from '../kernel/fault.ts';

export const isOfType = (error: unknown, type: ErrorType): error is Error =>
  error instanceof Error && isCommandError(error) && error.type === type;

const remedies = {
  refused: "correct user and password in EVENTSTORE_URL, or give that user's streams their permissions",
  untrusted:
    'set EVENTSTORE_CA to the certificate of the CA that signed it, and name hosts in EVENTSTORE_URL as it does',
  // Where a cluster is looked for, the client keeps to itself what it met.
  undiscovered: 'is EVENTSTORE_URL the address of a node that runs, and EVENTSTORE_CA who signed its certificate?',
  unreachable: 'is the server running there, and EVENTSTORE_URL its address (tls=false without TLS)?',
} as const;

function findRemedy(reason: string): string | undefined {
  if (/certificate|altnames/.test(reason)) return remedies.untrusted;
  if (reason.includes('Failed to discover')) return remedies.undiscovered;
  const isUnreached = /UNAVAILABLE|Name resolution|ECONNREFUSED|no answer|not confirmed/.test(reason);
  return isUnreached ? remedies.unreachable : undefined;
}

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
  const remedy = findRemedy(reason);
  return new Fault('store/unavailable', `${doing}: ${reason}${remedy ? `: ${remedy}` : ''}`, error);
}

import type { Metadata } from '@grpc/grpc-js';
import type { Access, Action, User } from '../access/access.ts';
import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { accessDenied } from './rpcError.ts';
import type { Rpc } from './service.ts';

/** What the services share. */
export interface Context {
  readonly log: EventLog;
  readonly committer: Committer;
  /** The largest sum of data bytes one append may have. */
  readonly maxAppendBytes: number;
  readonly access: Access;
}

/** Who sent the headers of a call. Throws UNAUTHENTICATED when the credentials are wrong. */
export function callerOf({ access }: Context, headers: Metadata): User {
  return access.userOf(headers.get('authorization')[0]?.toString());
}

/** Throws when the sender of the headers may not do this to the stream. */
export function authorize(context: Context, headers: Metadata, action: Action, stream: string): void {
  if (!context.access.isAllowed(callerOf(context, headers), action, stream)) throw accessDenied();
}

/** An RPC with one answer, for those who may manage the node. */
export function managed(context: Context, answer: (request: Buffer) => Buffer | Promise<Buffer>): Rpc {
  return {
    kind: 'unary',
    answer(request, headers) {
      authorize(context, headers, 'manage', '');
      return answer(request);
    },
  };
}

import { status } from '@grpc/grpc-js';
import { RpcError } from '../rpcError.ts';

interface GroupId {
  readonly source: string;
  readonly name: string;
}

function groupError(code: number, exception: string, { source, name }: GroupId, text: string, extra = {}): RpcError {
  return new RpcError(code, text, { exception, 'stream-name': source, 'group-name': name, ...extra });
}

export const doesNotExist = (id: GroupId): RpcError =>
  groupError(
    status.NOT_FOUND,
    'persistent-subscription-does-not-exist',
    id,
    `Subscription group ${id.name} on stream ${id.source} does not exist.`,
  );

export const exists = (id: GroupId): RpcError =>
  groupError(
    status.ALREADY_EXISTS,
    'persistent-subscription-exists',
    id,
    `Subscription group ${id.name} on stream ${id.source} exists.`,
  );

export const failed = (id: GroupId, reason: string): RpcError =>
  groupError(
    status.INTERNAL,
    'persistent-subscription-failed',
    id,
    `Subscription group ${id.name} on stream ${id.source} failed: '${reason}'`,
    { reason },
  );

export const tooManySubscribers = (id: GroupId): RpcError =>
  groupError(
    status.FAILED_PRECONDITION,
    'maximum-subscribers-reached',
    id,
    `Maximum subscriptions reached for subscription group ${id.name} on stream ${id.source}.`,
  );

export const dropped = (id: GroupId): RpcError =>
  groupError(
    status.CANCELLED,
    'persistent-subscription-dropped',
    id,
    `Subscription group ${id.name} on stream ${id.source} was dropped.`,
  );

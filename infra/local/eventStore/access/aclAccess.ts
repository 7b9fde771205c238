import { status } from '@grpc/grpc-js';
import type { EventLog } from '../log/eventLog.ts';
import { metadataOf, readableWindow, stateOf } from '../log/readable.ts';
import { type AccessList, parseAccessList } from '../log/streamMetadata.ts';
import { RpcError } from '../rpc/rpcError.ts';
import type { Access, Action, User } from './access.ts';

const PASSWORD = 'changeit';
const ADMINS = '$admins';
const OPERATORS = '$ops';
const EVERYBODY = '$all';
const ANONYMOUS: User = { name: 'anonymous', groups: [] };

const USERS: Readonly<Record<string, User>> = {
  admin: { name: 'admin', groups: [ADMINS] },
  ops: { name: 'ops', groups: [OPERATORS] },
};

/** The two built-in users, and the access lists in stream metadata and `$settings`. */
export function createAclAccess(log: EventLog): Access {
  return { userOf, isAllowed: (user, action, stream) => isAllowed(log, user, action, stream) };
}

function userOf(authorization: string | undefined): User {
  if (authorization === undefined) return ANONYMOUS;
  const encoded = /^Basic (.*)$/i.exec(authorization)?.[1] ?? '';
  const [name, ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  const user = name !== undefined && Object.hasOwn(USERS, name) ? USERS[name] : undefined;
  if (!user || rest.join(':') !== PASSWORD) throw new RpcError(status.UNAUTHENTICATED, 'Unauthenticated');
  return user;
}

function isAllowed(log: EventLog, user: User, action: Action, stream: string): boolean {
  if (user.groups.includes(ADMINS)) return true;
  if (action === 'manage') return user.groups.includes(OPERATORS);
  const isMetadata = stream.startsWith('$$');
  const target = isMetadata ? stream.slice(2) : stream;
  const key = toKey(action, isMetadata);
  const known = log.stream(target);
  const roles = (known && metadataOf(log, known).acl?.[key]) ?? defaultsFor(log, target)?.[key] ?? builtIn(target);
  return roles.some((role) => role === EVERYBODY || role === user.name || user.groups.includes(role));
}

function toKey(action: Exclude<Action, 'manage'>, isMetadata: boolean): keyof AccessList {
  if (!isMetadata) return action;
  return action === 'read' ? 'readMetadata' : 'writeMetadata';
}

const builtIn = (stream: string): readonly string[] => (stream.startsWith('$') ? [ADMINS] : [EVERYBODY]);

/** What the newest event of `$settings` says about streams without a list of their own. */
function defaultsFor(log: EventLog, stream: string): AccessList | undefined {
  const state = stateOf(log, '$settings');
  if (state.status !== 'present') return undefined;
  const newest = state.stream.ordinals[readableWindow(log, state.stream).last];
  if (newest === undefined) return undefined;
  try {
    const settings = JSON.parse(log.records.data(newest).toString()) as Record<string, unknown>;
    return parseAccessList(settings[stream.startsWith('$') ? '$systemStreamAcl' : '$userStreamAcl']);
  } catch {
    return undefined;
  }
}

/** Who makes a call. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What a call wants to do. The first four are about a stream; `$all` counts as one. */
export type Action = 'read' | 'write' | 'delete' | 'manage';

/** Says who calls and what they may do. */
export interface Access {
  /** By the value of the header `authorization`, if there is one. Throws UNAUTHENTICATED when the credentials are wrong. */
  userOf(authorization: string | undefined): User;
  isAllowed(user: User, action: Action, stream: string): boolean;
}

const SYSTEM: User = { name: 'system', groups: ['$admins'] };

/** Without security everybody is the system account and may do everything. */
export const openAccess: Access = { userOf: () => SYSTEM, isAllowed: () => true };

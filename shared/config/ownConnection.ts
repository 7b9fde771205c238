/**
 * Headers of a request that keeps no connection for the next one: that may come after a freeze, when the other end has long
 * given it up, and would wait for nothing until its time is over (docs/decisions/0016-connections-after-a-freeze.md).
 */
export const ownConnection = { connection: 'close' } as const;

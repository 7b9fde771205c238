import type { MethodName, MethodOf } from '../wire/methods.ts';
import type { Channel } from './channel.ts';

/** What each method does to its channel. A method without an entry is none that a client may send. */
export type MethodHandlers<N extends MethodName = MethodName> = {
  readonly [K in N]?: (channel: Channel, method: MethodOf<K>) => void;
};

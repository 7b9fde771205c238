import type { FaultyRelay } from './relays.ts';

/** One way to hurt a relay; afterwards the world is whole again. `wait` is in milliseconds. */
export interface RelayFault {
  readonly name: string;
  readonly times: number;
  readonly strike: (relay: FaultyRelay, wait: (ms: number) => Promise<void>) => Promise<void>;
}

/** Longer than the holder may go on without renewing, and than a standby watches: 1.5 s in this test. */
const pastLeaseMs = 2_200;

/** 120 in all. */
export const relayFaults: readonly RelayFault[] = [
  { name: 'kill -9', times: 18, strike: (relay) => relay.crash() },
  { name: 'SIGTERM', times: 8, strike: (relay) => relay.restart() },
  {
    name: 'paused past the lease',
    times: 10,
    async strike(relay, wait) {
      process.kill(relay.pid(), 'SIGSTOP');
      await wait(pastLeaseMs);
      process.kill(relay.pid(), 'SIGCONT');
    },
  },
  { name: 'broker connection cut', times: 20, strike: async ({ broker }) => broker.cut() },
  { name: 'store connection cut', times: 20, strike: async ({ store }) => store.cut() },
  { name: 'broker connection half-closed', times: 10, strike: async ({ broker }) => broker.halfClose() },
  { name: 'store connection half-closed', times: 10, strike: async ({ store }) => store.halfClose() },
  {
    name: 'broker delayed',
    times: 10,
    async strike({ broker }, wait) {
      broker.hold();
      await wait(300);
      broker.release();
    },
  },
  {
    name: 'store delayed',
    times: 10,
    async strike({ store }, wait) {
      store.hold();
      await wait(300);
      store.release();
    },
  },
  {
    name: 'broker away',
    times: 4,
    async strike({ broker }, wait) {
      broker.refuse();
      await wait(800);
      broker.open();
    },
  },
];

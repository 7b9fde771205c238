import { beforeAll, describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import { makeRelay } from '../testing/makeRelay.ts';
import type { LeaseView } from './lease.ts';
import { parsePosition } from './position.ts';
import { type RewindDeps, rewindRelay } from './rewind.ts';

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });

const { store, append } = makeRelay();
beforeAll(() => append('order-1', 9));

const leaseAt = (position: number | undefined): LeaseView => ({
  fencing: 7,
  renewedAt: '2026-11-30T10:00:00.000Z',
  ...(position !== undefined && { position: at(position) }),
});

/** The relay stands at 9 unless told otherwise. */
function makeDeps(changes: Partial<RewindDeps> = {}) {
  const written: unknown[] = [];
  const deps: RewindDeps = {
    store,
    readLease: async () => leaseAt(9),
    rewindLease: async (...args) => written.push(args) > 0,
    logger: silentLogger,
    ...changes,
  };
  return { deps, written };
}

describe('setting the relay back', () => {
  test.each([
    [at(4), '4/4'],
    ['start', 'start'],
  ] as const)('to %p, from whoever holds it', async (to, told) => {
    const { deps, written } = makeDeps();
    expect(await rewindRelay(deps, to, 'ada')).toEqual({ outcome: 'rewound', from: '9/9', to: told });
    expect(written).toEqual([[to, 7]]);
  });

  test.each([9, 10])('never forward: to %d from 9 would leave events out', async (to) => {
    const { deps, written } = makeDeps();
    const rejection = { code: 'relay/not-behind', position: '9/9' };
    expect(await rewindRelay(deps, at(to), 'ada')).toEqual({ outcome: 'rejected', rejection });
    expect(written).toEqual([]);
  });

  test.each([[undefined], [leaseAt(undefined)]])('without a checkpoint there is nothing to set back', async (lease) => {
    const { deps, written } = makeDeps({ readLease: async () => lease });
    expect(await rewindRelay(deps, 'start', 'ada')).toMatchObject({ rejection: { code: 'relay/no-checkpoint' } });
    expect(written).toEqual([]);
  });

  test('a position that the store refuses is refused, and a store that is down is no reason to', async () => {
    const refusing = () => {
      throw new Fault('store/refused', 'no event there');
    };
    const readHead = async () => undefined;
    const { deps, written } = makeDeps({ store: { readHead, readAll: refusing } });
    expect(await rewindRelay(deps, at(4), 'ada')).toMatchObject({ rejection: { code: 'relay/no-such-position' } });
    const down = async () => {
      throw new Fault('store/unavailable', 'down');
    };
    await expect(rewindRelay({ ...deps, store: { readHead: down, readAll: refusing } }, at(4), 'ada')).rejects.toThrow(
      'down',
    );
    expect(written).toEqual([]);
  });

  test('a store that answers again at the second time has only changed its leader', async () => {
    let isFirst = true;
    const readAll: typeof store.readAll = (options) => {
      if (!isFirst) return store.readAll(options);
      isFirst = false;
      throw new Fault('store/unavailable', 'not the leader');
    };
    const { deps } = makeDeps({ store: { readHead: store.readHead, readAll } });
    expect(await rewindRelay(deps, at(4), 'ada')).toMatchObject({ outcome: 'rewound' });
  });

  test('another relay that took over meanwhile may be further: it is asked again', async () => {
    const { deps } = makeDeps({ rewindLease: async () => false });
    expect(await rewindRelay(deps, 'start', 'ada')).toMatchObject({ rejection: { code: 'relay/changed-hands' } });
  });
});

test('a relay that runs publishes again from there, and then what comes', async () => {
  const relay = makeRelay();
  await relay.append('order-1', 5);
  const running = relay.start();
  await relay.until(() => relay.saved.at(-1)?.commit === 5n);
  const lease = { fencing: 1, renewedAt: '', position: at(5) };
  const deps = {
    store: relay.store,
    readLease: async () => lease,
    rewindLease: relay.rewind,
    logger: silentLogger,
  };
  expect(await rewindRelay(deps, at(2), 'ada')).toMatchObject({ outcome: 'rewound' });
  await relay.until(() => relay.published.length === 8);
  await relay.append('stock-mug', 1);
  await relay.until(() => relay.published.length === 9);
  relay.stop();
  await running;
  expect(relay.published.map(({ headers }) => headers['position'])).toEqual([
    ...['1', '2', '3', '4', '5'],
    ...['3', '4', '5'],
    '6',
  ]);
  expect(relay.saved.at(-1)).toEqual(at(6));
});

test.each([
  ['17', { commit: 17n, prepare: 17n }],
  ['17/12', { commit: 17n, prepare: 12n }],
  ['9223372036854775807', { commit: 9223372036854775807n, prepare: 9223372036854775807n }],
  ['', undefined],
  ['-1', undefined],
  ['1/2/3', undefined],
  ['start', undefined],
])('the position %p is read as what it is', (text, position) => {
  expect(parsePosition(text)).toEqual(position);
});

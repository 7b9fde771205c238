import { expect, test } from '@jest/globals';
import { type CloseReason, lazyConnection } from './lazyConnection.ts';

function makeConnection(open: (n: number) => Promise<number> = async (n) => n) {
  const freezes = { count: 0 };
  const closed: [number, CloseReason][] = [];
  let opened = 0;
  const connection = lazyConnection<number>({
    open: () => {
      opened += 1;
      return open(opened);
    },
    close: async (value, reason) => closed.push([value, reason]),
    freezes,
  });
  return { connection, freezes, closed, opened: () => opened };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('is opened once, on first use', async () => {
  const { connection, opened } = makeConnection();
  expect(opened()).toBe(0);
  expect(await Promise.all([connection(), connection()])).toEqual([1, 1]);
});

test('is opened anew after a freeze, and the old one closed', async () => {
  const { connection, freezes, closed } = makeConnection();
  await connection();
  freezes.count += 1;
  expect(await connection()).toBe(2);
  expect(await connection()).toBe(2);
  await settled();
  expect(closed).toEqual([[1, 'frozen']]);
});

test('is opened anew after it was dropped, by whoever still had it, once', async () => {
  const { connection, closed } = makeConnection();
  const first = connection();
  connection.drop(first);
  const second = connection();
  connection.drop(first);
  expect(await second).toBe(2);
  expect(connection()).toBe(second);
  await settled();
  expect(closed).toEqual([[1, 'dropped']]);
});

test('one that could not be opened is not kept', async () => {
  const { connection, closed } = makeConnection(async (n) => {
    if (n === 1) throw new Error('no');
    return n;
  });
  await expect(connection()).rejects.toThrow('no');
  expect(await connection()).toBe(2);
  expect(closed).toEqual([]);
});

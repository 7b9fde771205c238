import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ANY } from '../log/decideAppend.ts';
import { EventLog } from '../log/eventLog.ts';
import { append, newEventId, softDelete, tombstone } from '../log/write.ts';
import { temporaryDirectory } from '../testing/temporaryDirectory.ts';
import { GroupCommit } from './groupCommit.ts';
import { recover } from './recover.ts';
import { listSegments, segmentPath } from './segments.ts';

const NOW = 1_700_000_000_000;

describe('a log on disk', () => {
  const directory = temporaryDirectory();

  const event = (data: string) => ({
    id: newEventId(),
    type: 'Täst',
    isJson: true,
    metadata: Buffer.from('m'),
    data: Buffer.from(data),
  });

  /** Opens the directory, does `work`, waits until it is on disk, and closes. */
  async function whileOpen(work: (log: EventLog) => void, segmentBytes?: number): Promise<EventLog> {
    const log = new EventLog(() => NOW);
    const recovery = recover(directory(), log);
    const onFailure = (error: Error): void => {
      throw error;
    };
    const committer = new GroupCommit(log, {
      directory: directory(),
      ...recovery,
      onFailure,
      ...(segmentBytes && { segmentBytes }),
    });
    work(log);
    await new Promise<void>((resolve) => committer.commit(resolve));
    await committer.close();
    return log;
  }

  const contents = (log: EventLog): unknown[] =>
    Array.from({ length: log.visible }, (_, ordinal) => [
      log.streamOf(ordinal).name,
      log.typeOf(ordinal).name,
      log.records.revision(ordinal),
      log.records.position(ordinal),
      log.records.createdMs(ordinal),
      log.records.isTombstone(ordinal),
      log.records.id(ordinal).toString('hex'),
      log.records.metadata(ordinal).toString(),
      log.records.data(ordinal).toString(),
    ]);

  const write = (log: EventLog): void => {
    append(log, 'ä-1', ANY, [event('one'), event('two')]);
    append(log, 'b-1', ANY, [event('three')]);
    softDelete(log, 'b-1', ANY);
    tombstone(log, 'ä-1', ANY);
  };

  test('comes back as it was, and goes on where it stopped', async () => {
    const before = await whileOpen(write);
    const after = await whileOpen((log) => {
      expect(contents(log)).toEqual(contents(before));
      expect(append(log, 'ä-1', ANY, [event('x')])).toEqual({ outcome: 'stream-deleted' });
      expect(append(log, 'b-1', ANY, [event('y')])).toMatchObject({ outcome: 'written', revision: 1 });
    });
    expect(after.lastPosition).toBeGreaterThan(before.lastPosition);
  });

  test('recognises a repeat from before the restart', async () => {
    const repeated = event('once');
    await whileOpen((log) => append(log, 'a', ANY, [repeated]));
    const log = await whileOpen((reopened) => {
      expect(append(reopened, 'a', ANY, [repeated])).toMatchObject({ revision: 0 });
    });
    expect(log.visible).toBe(1);
  });

  test('fills one segment after another', async () => {
    for (const data of ['one', 'two', 'three']) await whileOpen((log) => append(log, 'a', ANY, [event(data)]), 1);
    expect(listSegments(directory())).toHaveLength(3);
    expect((await whileOpen(() => undefined)).visible).toBe(3);
  });

  test('a torn last transaction is cut with a note, whole, wherever it was torn', async () => {
    await whileOpen((log) => append(log, 'a', ANY, [event('kept')]));
    const path = segmentPath(directory(), 0);
    const kept = statSync(path).size;
    await whileOpen((log) => append(log, 'a', ANY, [event('torn'), event('torn too')]));
    const whole = readFileSync(path);
    for (let size = kept + 1; size < whole.length; size += 7) {
      writeFileSync(path, whole.subarray(0, size));
      const log = new EventLog(() => NOW);
      expect(recover(directory(), log).notes).toEqual([
        `${path}: cut a torn transaction of ${size - kept} bytes at offset ${kept}`,
      ]);
      expect(log.visible).toBe(1);
      expect(statSync(path).size).toBe(kept);
    }
  });

  test('a last transaction whose bytes never arrived is cut too', async () => {
    await whileOpen((log) => append(log, 'a', ANY, [event('kept')]));
    const path = segmentPath(directory(), 0);
    const kept = statSync(path).size;
    appendFileSync(path, Buffer.alloc(100));
    expect(recover(directory(), new EventLog(() => NOW)).notes).toHaveLength(1);
    await whileOpen((log) => append(log, 'a', ANY, [event('damaged at the very end')]));
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    writeFileSync(path, bytes);
    expect(recover(directory(), new EventLog(() => NOW)).notes).toHaveLength(1);
    expect(statSync(path).size).toBe(kept);
  });

  /** A segment with three transactions: where the second and the third begin, and all of its bytes. */
  const threeTransactions = async () => {
    const path = segmentPath(directory(), 0);
    const sizes: number[] = [];
    for (const data of ['first', 'second', 'third']) {
      await whileOpen((log) => append(log, 'a', ANY, [event(data)]));
      sizes.push(statSync(path).size);
    }
    const [second = 0, third = 0] = sizes;
    return { path, second, third, whole: readFileSync(path) };
  };

  test('one changed bit anywhere before the last transaction is refused with the offset, and nothing is changed', async () => {
    const { path, second, third, whole } = await threeTransactions();
    for (let at = second; at < third; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      writeFileSync(path, damaged);
      expect(() => recover(directory(), new EventLog(() => NOW))).toThrow(`${path} is damaged at offset ${second}`);
      expect(statSync(path).size).toBe(whole.length);
    }
  });

  test('an older segment that ends early is refused', async () => {
    for (const data of ['one', 'two']) await whileOpen((log) => append(log, 'a', ANY, [event(data)]), 1);
    const path = segmentPath(directory(), 0);
    truncateSync(path, statSync(path).size - 1);
    expect(() => recover(directory(), new EventLog(() => NOW))).toThrow(`${path} is damaged at offset 0`);
  });

  /** Three segments with a transaction each. */
  const threeSegments = async (): Promise<void> => {
    for (const data of ['one', 'two', 'three']) await whileOpen((log) => append(log, 'a', ANY, [event(data)]), 1);
  };

  test.each([0, 1, 2])('a segment that is missing is named: %i', async (index) => {
    await threeSegments();
    rmSync(segmentPath(directory(), index));
    expect(() => recover(directory(), new EventLog(() => NOW))).toThrow(
      `${segmentPath(directory(), index)} is missing`,
    );
    expect(readdirSync(directory()).filter((name) => name.endsWith('.log'))).toHaveLength(2);
  });

  test('segments that have changed places are refused', async () => {
    await threeSegments();
    const [second, third] = [segmentPath(directory(), 1), segmentPath(directory(), 2)];
    renameSync(second, join(directory(), 'aside'));
    renameSync(third, second);
    renameSync(join(directory(), 'aside'), third);
    expect(() => recover(directory(), new EventLog(() => NOW))).toThrow(`${second} holds position`);
  });

  test('a whole transaction that was taken out is noticed', async () => {
    const { path, second, third, whole } = await threeTransactions();
    writeFileSync(path, Buffer.concat([whole.subarray(0, second), whole.subarray(third)]));
    expect(() => recover(directory(), new EventLog(() => NOW))).toThrow(`at offset ${second}`);
  });

  test('a last segment that is still empty is written on', async () => {
    await whileOpen((log) => append(log, 'a', ANY, [event('one')]));
    writeFileSync(segmentPath(directory(), 1), '');
    await whileOpen((log) => append(log, 'a', ANY, [event('two')]));
    expect(statSync(segmentPath(directory(), 1)).size).toBeGreaterThan(0);
    expect((await whileOpen(() => undefined)).visible).toBe(2);
  });
});

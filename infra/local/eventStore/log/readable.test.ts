import { describe, expect, test } from '@jest/globals';
import { ANY } from './decideAppend.ts';
import { EventLog } from './eventLog.ts';
import { createMatcher } from './filter.ts';
import { readableOrdinal, readableWindow, stateOf } from './readable.ts';
import { append, newEventId } from './write.ts';

const START_MS = 1_700_000_000_000;

describe('what a reader of a stream sees', () => {
  let nowMs = START_MS;
  const log = new EventLog(() => nowMs);
  const write = (name: string, type = 'T', data = ''): void => {
    append(log, name, ANY, [
      { id: newEventId(), type, isJson: true, metadata: Buffer.alloc(0), data: Buffer.from(data) },
    ]);
    log.publish(log.records.count);
  };

  test('grows older: events beyond the maximum age are gone', () => {
    nowMs = START_MS;
    write('aged');
    nowMs += 5000;
    write('aged');
    write('$$aged', '$metadata', '{"$maxAge":10}');
    nowMs = START_MS + 10_000;
    expect(readableOrdinal(log, 'aged', 0)).toBeDefined();
    nowMs++;
    expect(readableOrdinal(log, 'aged', 0)).toBeUndefined();
    expect(readableOrdinal(log, 'aged', 1)).toBeDefined();
    nowMs += 60_000;
    expect(stateOf(log, 'aged').status).toBe('present');
  });

  test('is nothing that is not published yet', () => {
    append(log, 'late', ANY, [
      { id: newEventId(), type: 'T', isJson: true, metadata: Buffer.alloc(0), data: Buffer.alloc(0) },
    ]);
    expect(stateOf(log, 'late').status).toBe('missing');
    log.publish(log.records.count);
    const state = stateOf(log, 'late');
    expect(state.status === 'present' && readableWindow(log, state.stream)).toMatchObject({ min: 0, last: 0 });
  });

  test('$all hides what groups on $all keep, whatever the filter, and nothing else', () => {
    const names = [
      '$persistentsubscription-$all::g-checkpoint',
      '$persistentsubscription-$all::g-parked',
      '$epoch-information',
      '$persistentsubscription-s::g-parked',
      '$$s',
      's',
    ];
    for (const name of names) write(name);
    const shown = (filter: Parameters<typeof createMatcher>[1]) =>
      names.filter((name) => createMatcher(log, filter)(log.stream(name)?.ordinals[0] ?? -1));
    expect(shown(undefined)).toEqual(names.slice(3));
    expect(shown({ on: 'stream', pattern: undefined, prefixes: ['$p'] })).toEqual([names[3]]);
    expect(shown({ on: 'type', pattern: /T/, prefixes: [] })).toEqual(names.slice(3));
  });

  test('a position leads to the record there, or to the next', () => {
    const position = log.records.position(3);
    expect(log.ordinalAt(position)).toBe(3);
    expect(log.ordinalAt(position - 1)).toBe(3);
    expect(log.ordinalAt(position + 1)).toBe(4);
    expect(log.ordinalAt(0)).toBe(0);
    expect(log.ordinalAt(Number.MAX_SAFE_INTEGER)).toBe(log.visible);
  });
});

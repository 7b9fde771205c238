import { crc32 } from 'node:zlib';

/** How many slots streams are spread over: fixed for ever, since routing keys and bindings name them. */
const slotCount = 16;

/** The slot of a stream, two digits: all its events share it, so they share a partition whatever the partition count. */
export const slotOf = (stream: string): string => toSlot(crc32(stream) % slotCount);

export const toSlot = (slot: number): string => String(slot).padStart(2, '0');

/** The slots that partition `partition` of `partitions` serves. */
export const slotsOf = (partition: number, partitions: number): readonly string[] =>
  Array.from({ length: slotCount }, (_, slot) => slot)
    .filter((slot) => slot % partitions === partition)
    .map(toSlot);

/** What is so or not so of a record. One byte, the same in memory and on disk. */
export interface Flags {
  readonly isJson: boolean;
  /** The record that ends its stream for good. */
  readonly isTombstone: boolean;
  /** Written by a projection of this server, which nobody else can claim. */
  readonly isEmitted: boolean;
}

const JSON_BIT = 1;
const TOMBSTONE_BIT = 2;
const EMITTED_BIT = 4;

export function toByte({ isJson, isTombstone, isEmitted }: Flags): number {
  return (isJson ? JSON_BIT : 0) | (isTombstone ? TOMBSTONE_BIT : 0) | (isEmitted ? EMITTED_BIT : 0);
}

export const isJsonIn = (byte: number): boolean => (byte & JSON_BIT) !== 0;
export const isTombstoneIn = (byte: number): boolean => (byte & TOMBSTONE_BIT) !== 0;
export const isEmittedIn = (byte: number): boolean => (byte & EMITTED_BIT) !== 0;

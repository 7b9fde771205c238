import type { Position } from '../store/eventStore.ts';

/** `commit/prepare`, as the relay's log lines have it; most stores give both the same number. */
export const formatPosition = ({ commit, prepare }: Position): string => `${commit}/${prepare}`;

/** One number stands for both. Undefined for what is none. */
export function parsePosition(text: string): Position | undefined {
  const [, commit, prepare] = /^(\d{1,19})(?:\/(\d{1,19}))?$/.exec(text) ?? [];
  return commit === undefined ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare ?? commit) };
}

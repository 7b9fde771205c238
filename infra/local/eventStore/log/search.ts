/** The first index of a sorted list at which `isThere` holds, `length` when there is none. Once it holds, it goes on to. */
export function firstIndex(length: number, isThere: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

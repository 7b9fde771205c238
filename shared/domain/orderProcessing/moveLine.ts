import type { ActiveFulfilment, LineStatus } from './state.ts';

/** The line of `sku` goes from one status to another; the very same state when it does not stand at `from`. */
export function moveLine(
  fulfilment: ActiveFulfilment,
  sku: string,
  from: LineStatus,
  to: LineStatus,
): ActiveFulfilment {
  if (!fulfilment.lines.some((line) => line.sku === sku && line.status === from)) return fulfilment;
  const lines = fulfilment.lines.map((line) => (line.sku === sku ? { ...line, status: to } : line));
  return { ...fulfilment, lines };
}

import type { StockEvent } from '../../shared/domain/inventory/index.ts';
import { toEventId } from '../../shared/kernel/ids.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';

const batchSize = 500;
/** Orders between an order's reservation and its dispatch: so many reservations are open at any time. */
const open = 200;

const orderId = (n: number): string => `0b6f0a44-0f2c-5d7e-9f55-${n.toString(16).padStart(12, '0')}`;
const receiptId = (n: number): string => `5f2d1a9e-7b0c-5c3e-8a41-${n.toString(16).padStart(12, '0')}`;

/** The `n`-th event of a busy SKU: a delivery every 500 events, one order in a hundred refused, the others reserved and dispatched. */
function toStockEvent(sku: string, n: number): StockEvent {
  const data = { sku, orderId: orderId(n), quantity: 1 };
  if (n % 500 === 0) return { type: 'StockReceived', data: { sku, receiptId: receiptId(n), quantity: 100_000 } };
  if (n % 100 === 50) return { type: 'StockReservationRefused', data: { ...data, available: 0 } };
  const reserved = n - 2 * open - 1;
  if (n % 2 === 0 && reserved > 0 && reserved % 100 !== 50) {
    return { type: 'StockDispatched', data: { ...data, orderId: orderId(reserved) } };
  }
  return { type: 'StockReserved', data };
}

/** Appends the events `from` to `to` of a SKU's history to its stream. */
export async function appendStockHistory(
  store: Pick<EventStore, 'append'>,
  stream: string,
  from: number,
  to: number,
): Promise<void> {
  for (let next = from; next < to; next += batchSize) {
    const events = Array.from({ length: Math.min(batchSize, to - next) }, (_, index) => ({
      ...toStockEvent(stream.slice('stock-'.length), next + index),
      id: toEventId('history', 'bench', stream, next + index, 'any'),
      metadata: {
        correlationId: 'bench',
        causationId: 'bench',
        schemaVersion: 1,
        occurredAt: '2026-11-23T10:00:00.000Z',
        actor: 'bench',
      },
    }));
    const result = await store.append(stream, events, next === 0 ? 'no-stream' : BigInt(next - 1));
    if (result.outcome === 'conflict') throw new Error(`${stream} is not new`);
  }
}

import * as z from 'zod/mini';
import { declineCode, providerId } from './answers.ts';
import { createJsonPost } from './httpJson.ts';
import type { SendParcel } from './parcels.ts';

/** How long an answer may take; then it counts as unknown, and the same key is asked again later. */
const defaultTimeoutMs = 2_000;

const answer = z.union([
  z.object({
    status: z.literal('taken'),
    carrier: providerId,
    trackingNumber: providerId,
  }),
  z.object({ status: z.literal('declined'), reason: declineCode }),
]);

/** The carrier behind `baseUrl`, spoken to in JSON over HTTP; `Idempotency-Key` carries the key. */
export function createHttpParcels(baseUrl: string, { timeoutMs = defaultTimeoutMs } = {}): SendParcel {
  const faults = { setting: 'SHIPPING_URL', unavailable: 'parcels/unavailable', refused: 'parcels/refused' } as const;
  const post = createJsonPost(baseUrl, { timeoutMs, ...faults });
  return ({ key, ...parcel }) => post('parcels', key, parcel, answer);
}

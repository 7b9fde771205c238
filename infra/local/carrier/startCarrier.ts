import { createServer } from 'node:http';
import * as z from 'zod';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';

const parcel = z.strictObject({
  orderId: z.string().min(1),
  lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })).min(1),
});
type Parcel = z.infer<typeof parcel>;

/** More pieces than that fit in no parcel. */
const maxPieces = 500;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

interface Asked {
  readonly key: string;
  readonly orderId: string;
  times: number;
}

export interface CarrierLog {
  readonly asked: readonly Readonly<Asked>[];
  /** Orders whose parcel was taken, in that order. */
  readonly taken: readonly string[];
}

export interface RunningCarrier extends RunningServer {
  log(): CarrierLog;
}

/**
 * Starts a carrier over HTTP on loopback, its books in memory: `POST /parcels` with an `Idempotency-Key` is taken, or
 * declined when it has more than 500 pieces; the same key again is answered as the first time. `GET /log` tells what it
 * was asked and did.
 *
 * @param port 0, the default, takes any free one
 */
export async function startCarrier({ port = 0 } = {}): Promise<RunningCarrier> {
  const asked = new Map<string, Asked & { readonly reply: Reply }>();
  const taken: string[] = [];
  const log = (): CarrierLog => ({
    asked: [...asked].map(([key, { orderId, times }]) => ({ key, orderId, times })),
    taken,
  });

  const take = (key: string, { orderId, lines }: Parcel): Reply => {
    const known = asked.get(key);
    if (known) {
      known.times += 1;
      return known.orderId === orderId ? known.reply : refuse(422, 'this Idempotency-Key came with another parcel');
    }
    const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const isTooLarge = pieces > maxPieces;
    if (!isTooLarge) taken.push(orderId);
    const body = isTooLarge
      ? { status: 'declined', reason: `a parcel holds ${maxPieces} pieces, not ${pieces}` }
      : { status: 'taken', carrier: 'local-post', trackingNumber: `LP-${orderId.slice(0, 13).toUpperCase()}` };
    const reply = { status: 200, body };
    asked.set(key, { key, orderId, times: 1, reply });
    return reply;
  };
  const answer = (method: string, path: string, key: string | undefined, text: string): Reply => {
    if (method === 'GET' && path === '/log') return { status: 200, body: log() };
    if (method !== 'POST' || path !== '/parcels') return refuse(404, `nothing answers ${method} ${path}`);
    if (!key) return refuse(400, 'the header Idempotency-Key is missing');
    const parsed = parcel.safeParse(toJson(text));
    return parsed.success ? take(key, parsed.data) : refuse(400, z.prettifyError(parsed.error).replaceAll('\n', ' '));
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = request.headers['idempotency-key']?.toString();
      const { status, body } = answer(request.method ?? '', request.url ?? '', key, Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  return { ...(await listen(server, port)), log };
}

const refuse = (status: number, error: string): Reply => ({ status, body: { error } });

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

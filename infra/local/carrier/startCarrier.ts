import { createServer } from 'node:http';
import * as z from 'zod/mini';
import { english, toSentence } from '../../../shared/kernel/english.ts';
import { recipient } from '../../../shared/personal/recipient.ts';
import { openJournal } from '../journal.ts';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';

const parcel = z.strictObject({
  orderId: z.string().check(z.minLength(1)),
  recipient: z.strictObject({ name: z.string().check(z.minLength(1)), address: recipient.shape.address }),
  lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().check(z.minimum(1)) })).check(z.minLength(1)),
});
type Parcel = z.infer<typeof parcel>;

/** How the carrier treats who asks it: `refuses` says of every parcel that the request is wrong (400), and takes no new one. */
const behaviour = z.strictObject({ mode: z.enum(['normal', 'refuses']) });

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

interface Options {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** Keeps the books, so that a carrier started there again goes on with them. In memory unless given. */
  readonly directory?: string | undefined;
}

/**
 * Starts a carrier over HTTP on loopback: `POST /parcels` with an `Idempotency-Key` is taken, or
 * declined when it has more than 500 pieces; the same key again is answered as the first time. `PUT /behaviour`
 * makes it refuse from then on; `GET /log` tells what it was asked and did.
 *
 * @throws in one line when the port is taken, or the folder is in use or damaged
 */
export async function startCarrier({ port = 0, directory }: Options = {}): Promise<RunningCarrier> {
  const asked = new Map<string, Asked & { readonly reply: Reply }>();
  const taken: string[] = [];
  let mode: z.infer<typeof behaviour>['mode'] = 'normal';
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
      ? { status: 'declined', reason: 'too-large' }
      : { status: 'taken', carrier: 'local-post', trackingNumber: `LP-${orderId.slice(0, 13).toUpperCase()}` };
    const reply = { status: 200, body };
    asked.set(key, { key, orderId, times: 1, reply });
    return reply;
  };
  const journal = directory === undefined ? undefined : openJournal<readonly [key: string, parcel: Parcel]>(directory);
  for (const [key, asking] of journal?.entries ?? []) take(key, asking);
  const answer = (method: string, path: string, key: string | undefined, text: string): Reply => {
    if (method === 'GET' && path === '/log') return { status: 200, body: log() };
    if (method === 'PUT' && path === '/behaviour') {
      const wanted = behaviour.safeParse(toJson(text), english);
      if (!wanted.success) return refuse(400, toSentence(wanted.error));
      ({ mode } = wanted.data);
      return { status: 200, body: wanted.data };
    }
    if (method !== 'POST' || path !== '/parcels') return refuse(404, `nothing answers ${method} ${path}`);
    if (!key) return refuse(400, 'the header Idempotency-Key is missing');
    const parsed = parcel.safeParse(toJson(text), english);
    if (!parsed.success) return refuse(400, toSentence(parsed.error));
    if (mode === 'refuses' && !asked.has(key)) return refuse(400, 'refused, as PUT /behaviour wants it');
    // Before it is answered: what the caller knows, the books know after a crash as well.
    journal?.append([key, parsed.data]);
    return take(key, parsed.data);
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
  const running = await listen(server, port).catch((error: unknown) => {
    journal?.close();
    throw error;
  });
  return { ...running, stop: () => running.stop().finally(() => journal?.close()), log };
}

const refuse = (status: number, error: string): Reply => ({ status, body: { error } });

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

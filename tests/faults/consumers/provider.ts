import { createServer, type ServerResponse } from 'node:http';
import { listen } from '../../../infra/local/listen.ts';

interface Effect {
  readonly stream: string;
  readonly n: number;
}

/** A provider that does each thing once per key, however often it is asked, and keeps books. */
export interface Provider {
  readonly url: string;
  /** What it has done, by stream, in the order in which it did it. */
  effects(): ReadonlyMap<string, readonly number[]>;
  /** Times that it was asked for what it had done before. */
  repeats(): number;
  /** Times that it was asked about a stream while it was still busy with that stream for somebody alive. */
  overlaps(): number;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const effects = new Map<string, number[]>();
  const asked = new Map<string, number>();
  const busy = new Map<string, number>();
  let repeats = 0;
  let overlaps = 0;

  const count = (key: string): number => {
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    return times;
  };
  const answer = (response: ServerResponse, times: number): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ times }));
  };
  const act = async (
    { key, stream, n }: Effect & { readonly key: string },
    response: ServerResponse,
  ): Promise<void> => {
    if ((busy.get(stream) ?? 0) > 0) overlaps += 1;
    busy.set(stream, (busy.get(stream) ?? 0) + 1);
    // Whoever asked may be dead by now: what it had begun is done all the same, and nobody is busy with it any more.
    response.once('close', () => busy.set(stream, (busy.get(stream) ?? 1) - 1));
    const times = count(`/effects ${key}`);
    if (times === 1) effects.set(stream, [...(effects.get(stream) ?? []), n]);
    else repeats += 1;
    await new Promise((resolve) => setImmediate(resolve));
    answer(response, times);
  };

  const server = await listen(
    createServer(async (request, response) => {
      const body = JSON.parse((await Array.fromAsync(request)).join(''));
      if (request.url === '/effects') await act(body, response);
      else answer(response, count(`${request.url} ${body.key}`));
    }),
    0,
  );
  return {
    url: server.url,
    stop: server.stop,
    effects: () => effects,
    repeats: () => repeats,
    overlaps: () => overlaps,
  };
}

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UsageProblem } from '../commandLine/usageProblem.ts';
import { listen } from '../local/listen.ts';
import type { RunningServer } from '../local/program.ts';
import { relay } from './relay.ts';

let server: RunningServer;
let answer: { readonly status: number; readonly body: unknown };
let asked: readonly string[];

beforeEach(async () => {
  asked = [];
  const api = createServer(async (request, response) => {
    asked = [...asked, `${request.method} ${request.url} ${await text(request)}`.trim()];
    const { status, body } = answer;
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server = await listen(api, 0);
});
afterEach(() => server.stop());

async function run(...args: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await relay([...args, '--url', server.url], (line) => lines.push(line));
  return lines;
}

describe('npm run ops -- relay', () => {
  test('sets it back to a position or to the start', async () => {
    answer = { status: 200, body: { from: '9/9', to: '4/4' } };
    const told = 'set back from 9/9 to 4/4: what follows is published again, and applied once';
    expect(await run('rewind', '--position', '4')).toEqual([told]);
    expect(await run('rewind', '--to-start', '--json')).toEqual(['{"from":"9/9","to":"4/4"}']);
    expect(asked).toEqual(['POST /ops/relay/rewind {"to":"4"}', 'POST /ops/relay/rewind {"to":"start"}']);
  });

  test('tells how it is doing', async () => {
    const report = { ratePerSecond: 3, lagEvents: 12, lagSeconds: 4.5 };
    const lastError = { code: 'broker/unavailable', message: 'no answer', at: '2026-11-30T10:00:00.000Z' };
    answer = {
      status: 200,
      body: { isHealthy: false, trouble: 'paused', isBehind: true, head: '21', report: { ...report, lastError } },
    };
    expect(await run('status')).toEqual([
      'in trouble: paused',
      'held by nobody',
      "published up to nothing, the store's end is at 21: behind, 12 events, 4.5 s",
      'last error 2026-11-30T10:00:00.000Z: broker/unavailable: no answer',
    ]);
    answer = {
      status: 200,
      body: { isHealthy: true, isBehind: false, owner: 'r-1', renewedAt: 'now', position: '21' },
    };
    expect(await run('status')).toEqual([
      'healthy',
      'held by r-1, renewed at now',
      "published up to 21, the store's end is at nothing to publish: caught up",
    ]);
  });

  test('a refusal is one line', async () => {
    answer = { status: 422, body: { code: 'relay/not-behind', detail: 'it is at 9/9' } };
    await expect(run('rewind', '--position', '10')).rejects.toThrow(
      'POST /ops/relay/rewind: 422 relay/not-behind: it is at 9/9',
    );
  });

  test.each([200, 404, 502])('%d by somebody else than the API is told from it, in short', async (status) => {
    answer = { status, body: `<html>${'x'.repeat(1_000)}` };
    await expect(run('status')).rejects.toThrow(
      `GET /ops/relay: ${status} <html>${'x'.repeat(194)}: ${server.url} is no Waybill API: is --url right?`,
    );
  });

  test.each([{ message: 'Unauthorized' }, null])('a gateway’s own refusal is shown: %j', async (body) => {
    answer = { status: 401, body };
    await expect(run('status')).rejects.toThrow(
      `GET /ops/relay: 401 ${JSON.stringify(body)}; give one that holds with --token or WAYBILL_TOKEN`,
    );
  });

  test.each([
    [[]],
    [['reset']],
    [['rewind']],
    [['rewind', '--position', '1', '--to-start']],
    [['status', '--to-start']],
    [['rewind', '4']],
    [['rewind', '--since', 'yesterday']],
  ])('%j is refused with the usage', async (args) => {
    await expect(run(...args)).rejects.toBeInstanceOf(UsageProblem);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createHandler as createDiscard } from '../../functions/operate/discardDeadLetters/handler.ts';
import { parseRequest as parseDiscard } from '../../functions/operate/discardDeadLetters/request.ts';
import { createHandler as createList } from '../../functions/operate/listDeadLetters/handler.ts';
import { parseRequest as parseList } from '../../functions/operate/listDeadLetters/request.ts';
import { createHandler as createRedrive } from '../../functions/operate/redriveDeadLetters/handler.ts';
import { parseRequest as parseRedrive } from '../../functions/operate/redriveDeadLetters/request.ts';
import { route } from '../../shared/http/route.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { admitting, operator } from '../../shared/testing/callers.ts';
import { messages } from '../../shared/testing/consumerRig.ts';
import { makeOperations } from '../../shared/testing/deadLetterRig.ts';
import { toHttpEvent, toRmqEvent } from '../../shared/testing/lambdaEvents.ts';
import { UsageProblem } from '../commandLine/usageProblem.ts';
import { deadLetters } from './deadLetters.ts';

let operations: ReturnType<typeof makeOperations>;
let server: Server;
let url: string;
/** Under whose name its rows are listed. */
let consumer: string;

/** The real routes behind a real socket. */
beforeEach(async () => {
  operations = makeOperations();
  consumer = 'test';
  const toRoutes = (deps: typeof operations.deps) => ({
    '/ops/dead-letters': route(silentLogger, admitting(operator), parseList, createList(deps)),
    '/ops/dead-letters/redrive': route(silentLogger, admitting(operator), parseRedrive, createRedrive(deps)),
    '/ops/dead-letters/discard': route(silentLogger, admitting(operator), parseDiscard, createDiscard(deps)),
  });
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const body = (await Array.fromAsync(request)).join('');
    const query = Object.fromEntries(searchParams);
    const event = toHttpEvent({ query, ...(body && { body }) });
    const routes = toRoutes({ ...operations.deps, tables: { [consumer]: operations.cursors } as never });
    const answer = await routes[pathname as keyof typeof routes](event as never, {} as Context);
    const { statusCode = 500, body: text } = answer as APIGatewayProxyStructuredResultV2;
    response.writeHead(statusCode).end(text);
    await operations.deliver();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function run(...args: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const where = args.some((arg) => arg === '--url' || arg === '--port') ? [] : ['--url', url];
  await deadLetters([...args, ...where], (line) => lines.push(line));
  return lines;
}
const refused = () => new Fault('payments/refused', 'bad request');

describe('npm run ops -- dead-letters', () => {
  test('lists none, and then what there is, by cause', async () => {
    expect(await run('list')).toEqual(['no dead letters']);
    await operations.block('order-1', refused);
    const lines = await run('list');
    expect(lines.slice(0, 2)).toEqual(['1 dead letter', '      1  test  payments/refused on Happened']);
    expect(lines[2]).toMatch(/^\ntest\/order-1@1\n +blocked after 1 attempt, last .*\n +bad request$/);
  });

  test('lists what rows tell while the broker is down, and says what is missing', async () => {
    operations.queue.look = async () => {
      throw new Fault('broker/unavailable', 'no answer');
    };
    const unseen =
      'the queues could not be looked into (broker/unavailable): messages that could not be read are not told of';
    expect(await run('list')).toEqual(['no stream is blocked', unseen]);
    await operations.block('order-1', refused);
    const lines = await run('list');
    expect(lines.slice(0, 2)).toEqual(['at least 1 dead letter', unseen]);
    expect(lines.at(-1)).toContain('test/order-1@1');
    await expect(run('redrive', '--all')).rejects.toThrow(/503 broker\/unavailable/);
  });

  test('redrives one, dry first, and says what has become of it', async () => {
    await operations.block('order-1', refused);
    operations.failures.clear();
    expect(await run('redrive', '--id', 'test/order-1@1', '--dry-run')).toEqual([
      'would be sent round  test/order-1@1, and 1 event after it',
      '1 selected: 1 would be sent round',
    ]);
    expect(await run('redrive', '--cause', 'payments/refused on Happened')).toEqual([
      'sent round again     test/order-1@1, and 1 event after it',
      '1 selected: 1 sent round again',
      'sent round again is not done yet: look at list in a moment',
    ]);
    expect(await operations.row('order-1')).toMatchObject({ revision: 2n });
    expect(await run('redrive', '--all')).toEqual(['0 selected']);
  });

  test('tells one event after it from several, and from none', async () => {
    await operations.block('order-1', refused);
    const line = async () => (await run('redrive', '--id', 'test/order-1@1', '--dry-run'))[0];
    await operations.consume(messages(...(await operations.append(['d'], 'order-1'))));
    expect(await line()).toBe('would be sent round  test/order-1@1, and 2 events after it');
    const [last] = await operations.append(['order-2 fails'], 'order-2');
    operations.failures.set('order-2 fails', refused);
    await operations.consume(messages(...(last ? [last] : [])));
    expect((await run('redrive', '--id', 'test/order-2@0', '--dry-run'))[0]).toBe(
      'would be sent round  test/order-2@0',
    );
  });

  test('asks again until nothing remains', async () => {
    for (let n = 0; n < 5; n += 1) await operations.block(`order-${n}`, refused);
    operations.failures.clear();
    // Ten seconds for each: three fit into one request.
    const lines = await run('redrive', '--all', '--rate', '0.1');
    expect(lines.filter((line) => line.includes('selected'))).toEqual([
      '5 selected: 3 sent round again, 2 left for now',
      '2 selected: 2 sent round again',
    ]);
    expect(lines.filter((line) => line.includes('look at list'))).toHaveLength(1);
  });

  test('names a hundred of many and counts the others', async () => {
    for (let n = 0; n < 103; n += 1) await operations.block(`order-${n}`, refused);
    const lines = await run('redrive', '--all', '--dry-run');
    expect(lines.slice(99)).toEqual([
      'would be sent round  test/order-99@1, and 1 event after it',
      'and 3 more',
      '103 selected: 103 would be sent round',
    ]);
  });

  describe('discard', () => {
    const discard = (...args: readonly string[]) => run('discard', '--reason', 'a test order', ...args);

    test('says of each event what will now never happen, before and after', async () => {
      consumer = 'order-view';
      await operations.block('order-1', refused);
      const loss = '                     the view lacks this event: what it shows is not what happened';
      expect(await discard('--all', '--dry-run')).toEqual([
        'would be discarded   order-view/order-1@1; 1 event after it goes on',
        loss,
        '1 selected: 1 would be discarded',
      ]);
      expect(await discard('--all')).toEqual([
        'discarded            order-view/order-1@1; 1 event after it goes on',
        loss,
        '1 selected: 1 discarded',
      ]);
      expect(await operations.row('order-1')).toMatchObject({ revision: 2n, view: ['a', 'c'] });
    });

    test('wants a yes where an order stays as it is without it, and touches nothing before', async () => {
      consumer = 'shipping';
      await operations.block('order-1', refused);
      const lines: string[] = [];
      const refusal = deadLetters(['discard', '--all', '--reason', 'x', '--url', url], (line) => lines.push(line));
      await expect(refusal).rejects.toThrow(/^nothing is discarded: .* say --yes as well/);
      expect(lines[0]).toBe('would be discarded   shipping/order-1@1; 1 event after it goes on');
      expect(lines[1]).toContain('whatever shipping does about Happened is not done for this one');
      expect((await discard('--all', '--dry-run')).slice(-2)).toEqual([
        '1 selected: 1 would be discarded',
        'this discard needs --yes',
      ]);
      expect(await operations.row('order-1')).toMatchObject({ status: 'blocked' });
      expect((await discard('--all', '--yes')).at(-1)).toBe('1 selected: 1 discarded');
      expect(await operations.row('order-1')).toMatchObject({ revision: 2n, view: ['a', 'c'] });
    });

    test('needs none of a message that can’t be read: no stream passes over anything', async () => {
      await operations.consume(toRmqEvent({ body: 'hello' }));
      await operations.deliver();
      await operations.clock.pass(1_000);
      expect((await discard('--all'))[1]).toMatch(/^ +the message alone goes/);
    });

    test('wants it too where the answer can’t tell all causes', async () => {
      for (let n = 0; n < 101; n += 1)
        await operations.block(`order-${n}`, () => new Error(String.fromCharCode(97 + (n % 26), 97 + n / 26)));
      consumer = 'order-view';
      await expect(discard('--all')).rejects.toThrow(/say --yes/);
    });

    test('tells a program by its exit and what would be discarded', async () => {
      consumer = 'shipping';
      await operations.block('order-1', refused);
      const lines: string[] = [];
      const args = ['discard', '--all', '--reason', 'x', '--json', '--url', url];
      await expect(deadLetters(args, (line) => lines.push(line))).rejects.toThrow(/--yes/);
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ dryRun: true, matched: 1 }]);
      const [answer = ''] = await discard('--all', '--json', '--yes');
      expect(JSON.parse(answer)).toMatchObject({ dryRun: false, counts: { done: 1 } });
    });
  });

  test.each([['redrive'], ['discard', '--reason', 'x']])('%s of an id that there is not fails', async (...args) => {
    await expect(run(...args, '--id', 'nope')).rejects.toThrow(/^there is no dead letter "nope": list names those/);
  });

  test.each([['redrive'], ['discard', '--reason', 'x'], ['redrive', '--dry-run']])(
    '%s of a cause that there is not fails',
    async (...args) => {
      await operations.block('order-1', refused);
      await expect(run(...args, '--cause', 'nonsense')).rejects.toThrow(
        /^there is no dead letter of the cause "nonsense": list shows the causes there are$/,
      );
    },
  );

  test('of all that there are, none is none too few', async () => {
    expect(await run('redrive', '--all')).toEqual(['0 selected']);
    expect(await run('discard', '--all', '--reason', 'x')).toEqual(['0 selected']);
  });

  test('says of what could not be read that it may come back', async () => {
    await operations.consume(toRmqEvent({ body: 'hello' }));
    await operations.deliver();
    await operations.clock.pass(1_000);
    const lines = await run('redrive', '--all');
    expect(lines.at(-2)).toMatch(/^1 of them could not be read: .* comes back at once, .*; discard it$/);
    expect((await run('list'))[0]).toBe('1 dead letter');
    await operations.clock.pass(1_000);
    expect((await run('discard', '--all', '--reason', 'x')).at(-1)).toBe('1 selected: 1 discarded');
  });

  test('prints what the API answered when a program asks', async () => {
    expect(JSON.parse((await run('list', '--json'))[0] ?? '')).toEqual({
      total: 0,
      isComplete: true,
      causes: [],
      deadLetters: [],
    });
  });

  test.each([
    [['mend'], /list, redrive or discard/],
    [['redrive'], /exactly one of --id/],
    [['redrive', '--all', '--id', 'x'], /exactly one of --id/],
    [['redrive', '--all', '--reason', 'x'], /takes no --reason/],
    [['redrive', '--all', '--yes'], /takes no --yes/],
    [['discard', '--all'], /needs a --reason/],
    [['redrive', '--all', '--rate', 'fast'], /--rate is "fast"/],
    [['list', 'all', 'of', 'them'], /needs quotes/],
    [['list', '--what'], /--what/],
    [['list', '--url', 'nonsense'], /^--url is "nonsense", expected an address/],
    [['list', '--url', 'localhost:3000'], /^--url is "localhost:3000", expected an address/],
    [['list', '--port', 'x'], /^--port is "x", expected a port/],
  ])('%s is no way to ask', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
    await expect(run(...args)).rejects.toBeInstanceOf(UsageProblem);
  });

  test('says in one line what the API refused, and where nothing answers', async () => {
    await expect(run('list', '--limit', '0')).rejects.toThrow(/GET \/ops\/dead-letters: 400 .*http\/invalid/);
    await expect(deadLetters(['list', '--url', 'http://127.0.0.1:1'], () => undefined)).rejects.toThrow(
      /^http:\/\/127.0.0.1:1 does not answer \(.*\): is it running, and is --url right\?$/,
    );
  });
});

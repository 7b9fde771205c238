import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { servedTests } from '../testing/servedTests.ts';
import { collect, freshName } from '../testing/subject.ts';

describe('plain HTTP', () => {
  const served = servedTests();
  const address = (): string => `http://127.0.0.1:${served().server.port}`;

  /** Sends bytes as they are and resolves with the first line that comes back. */
  async function answerTo(...parts: readonly string[]): Promise<string | undefined> {
    const socket = connectSocket(served().server.port, '127.0.0.1');
    for (const part of parts) socket.write(part);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString().split('\r\n')[0];
  }
  const post = (name: string, headers: Record<string, string>, body: string): Promise<Response> =>
    fetch(`${address()}/streams/${name}`, { method: 'POST', headers, body });
  const headers = { 'es-eventtype': 'T', 'content-type': 'application/json' };

  test('is answered on the same port, however its bytes arrive', async () => {
    expect((await fetch(`${address()}/health/live`)).status).toBe(204);
    expect(await (await fetch(`${address()}/ping`)).json()).toMatchObject({
      text: 'Ping request successfully handled',
    });
    expect(await (await fetch(`${address()}/info`)).json()).toMatchObject({ dbVersion: '23.10.0' });
    expect(await (await fetch(`${address()}/gossip`)).json()).toMatchObject({
      members: [{ httpEndPointPort: served().server.port }],
    });
    expect((await fetch(`${address()}/nothing`)).status).toBe(404);
    expect(await answerTo('P', 'OST /none HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('HTTP/1.1 404 Not Found');
  });

  test('an event can be posted to a stream, whether or not it is the JSON it says it is', async () => {
    const name = freshName();
    const written = await post(name, headers, '{bad');
    expect([written.status, written.headers.get('location')]).toEqual([201, `/streams/${name}/0`]);
    const [read] = await collect(served().client.readStream(name));
    expect(read?.event).toMatchObject({ type: 'T', isJson: true });
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['no type', 'thing-1', {}, 400],
    ['an id that is none', 'thing-1', { ...headers, 'es-eventid': 'nonsense' }, 400],
    ['a stream nobody may name', '$$', headers, 400],
    ['$all', '$all', headers, 400],
    ['a name that is not UTF-8', '%ff', headers, 400],
    ['a name without end', 'x'.repeat(5000), headers, 400],
  ])('%s is refused', async (_, name, given, status) => {
    expect((await post(name, given, '{}')).status).toBe(status);
  });

  test('too large a body is refused, and one event to a deleted stream is', async () => {
    const name = freshName();
    expect((await post(name, headers, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    await served().client.tombstoneStream(name);
    expect((await post(name, headers, '{}')).status).toBe(410);
  });

  test.each([
    ['//', 'HTTP/1.1 400 Bad Request'],
    ['http://', 'HTTP/1.1 400 Bad Request'],
    ['http://[/', 'HTTP/1.1 400 Bad Request'],
    ['/\\..\\..//', 'HTTP/1.1 404 Not Found'],
    ['*', 'HTTP/1.1 404 Not Found'],
  ])('a request for %s is answered', async (target, answer) => {
    expect(await answerTo(`GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`)).toBe(answer);
    expect((await fetch(`${address()}/health/live`)).status).toBe(204);
  });

  test.each([
    ['no request line', 'NONSENSE\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(4000)}\r\n`],
    ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['an upgrade', 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'],
    ['no HTTP/2 frame', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense in a frame'],
    ['zeros for HTTP/2 frames', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\0'.repeat(200)}`],
    ['half a preface', 'PRI'],
  ])('%s ends its connection and nothing else', async (_, bytes) => {
    const socket = connectSocket(served().server.port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.resume();
    socket.end(bytes);
    await closed;
    expect((await fetch(`${address()}/health/live`)).status).toBe(204);
  });

  test('a body that is cut off is not written, and the server goes on', async () => {
    const name = freshName();
    const head = `POST /streams/${name} HTTP/1.1\r\nhost: x\r\nes-eventtype: T\r\ncontent-length: 100\r\n\r\n`;
    const begin = async (): Promise<Socket> => {
      const socket = connectSocket(served().server.port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(`${head}{"half`, () => resolve()));
      return socket;
    };
    for (const cut of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const socket = await begin();
      const closed = once(socket, 'close');
      socket.on('error', () => undefined);
      socket.resume();
      socket[cut]();
      await closed;
    }
    expect((await post(name, headers, '{}')).status).toBe(201);
    expect(await collect(served().client.readStream(name))).toHaveLength(1);
  });
});

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { putStackAnswer } from './httpStackAnswer.ts';

/** A server that takes one request, answers with this status, and gives it back. */
async function takeOne(
  status: number,
): Promise<{ url: string; seen: Promise<{ request: IncomingMessage; body: string }> }> {
  const seen = Promise.withResolvers<{ request: IncomingMessage; body: string }>();
  const server = createServer(async (request, response) => {
    seen.resolve({ request, body: await text(request) });
    response.writeHead(status, { connection: 'close' }).end();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a%2Fb?sig=1`, seen: seen.promise };
}

test('puts the answer where it was asked to, with the empty content type that the address is signed for', async () => {
  const { url, seen } = await takeOne(200);
  await putStackAnswer(url, '{"Status":"SUCCESS"}');
  const { request, body } = await seen;
  expect([request.method, request.url, body]).toEqual(['PUT', '/a%2Fb?sig=1', '{"Status":"SUCCESS"}']);
  expect(request.headers).toMatchObject({ 'content-type': '', 'content-length': '20' });
});

test('rejects when it is not taken', async () => {
  const { url, seen } = await takeOne(403);
  await expect(putStackAnswer(url, '{}')).rejects.toThrow('status 403');
  await seen;
});

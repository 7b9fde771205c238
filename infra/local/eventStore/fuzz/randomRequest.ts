import { randomInt } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { pick, TEXTS } from './randomMessage.ts';

const LIMIT_MS = 300;
const METHODS = ['GET', 'POST', 'PUT', 'CONNECT', 'PRI', ''];
const TARGETS = [
  '/',
  '//',
  '*',
  'http://[',
  '/ping',
  '/streams/a',
  '/streams/%24all',
  '/streams/%ff',
  '/gossip?x',
  ' ',
];
const HEADERS = [
  'es-eventtype: T',
  'content-length: 5',
  'transfer-encoding: chunked',
  'expect: 100-continue',
  'x',
  ': :',
];

/** Sends what may be an HTTP/1.1 request, and sometimes leaves in the middle. */
export async function randomRequest(host: string, port: number): Promise<string> {
  const socket = connectSocket(port, host);
  const headers = Array.from({ length: randomInt(4) }, () => pick(HEADERS));
  const lines = [`${pick(METHODS)} ${pick(TARGETS)} HTTP/1.1`, 'host: x', ...headers, '', pick(TEXTS)];
  const bytes = Buffer.from(lines.join('\r\n'));
  const closed = new Promise<string>((resolve) => {
    socket.on('error', () => resolve('http broken'));
    socket.on('data', (data) => resolve(`http ${data.subarray(9, 12)}`));
    socket.on('close', () => resolve('http closed'));
  });
  if (randomInt(3) === 0) socket.write(bytes.subarray(0, randomInt(bytes.length + 1)), () => socket.resetAndDestroy());
  else socket.end(bytes);
  const timer = setTimeout(() => socket.destroy(), LIMIT_MS);
  return closed.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

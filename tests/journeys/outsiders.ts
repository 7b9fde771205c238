import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Outsider {
  readonly url: string;
  /** Bodies of what was asked and taken. */
  readonly taken: readonly string[];
  stop(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function listen(answer: (request: IncomingMessage, body: string) => Reply): Promise<Outsider> {
  const taken: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const asked = await text(request);
    const { status, headers, body } = answer(request, asked);
    if (status === 200 && asked !== '') taken.push(asked);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

/** A carrier that says what it does not like, all of it: whatever goes to somebody called Refused. */
export const startTalkativeCarrier = (): Promise<Outsider> =>
  listen((request, body) => {
    if (body.includes('Refused')) return { status: 400, body: { error: `I can't take ${body}` } };
    const trackingNumber = `LP-${request.headers['idempotency-key']}`;
    return { status: 200, body: { status: 'taken', carrier: 'local-post', trackingNumber } };
  });

/** A mail service that names whom it does not write to: addresses of `refused.example`. */
export const startTalkativeMail = (): Promise<Outsider> =>
  listen((_, body) =>
    body.includes('@refused.example')
      ? {
          status: 400,
          headers: { 'x-amzn-errortype': 'BadRequestException' },
          body: { __type: 'BadRequestException', message: `Invalid recipient in ${body}` },
        }
      : { status: 200, body: { MessageId: '1' } },
  );

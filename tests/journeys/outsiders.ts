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
  /** A text is sent as it stands. */
  readonly body: unknown;
}

async function listen(answer: (request: IncomingMessage, body: string) => Reply): Promise<Outsider> {
  const taken: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const asked = await text(request);
    const { status, headers, body } = answer(request, asked);
    if (status === 200 && asked !== '') taken.push(asked);
    const [type, content] =
      typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
    response.writeHead(status, { 'content-type': type, ...headers }).end(content);
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

const toName = (parcel: string): string => (JSON.parse(parcel) as { recipient: { name: string } }).recipient.name;

/**
 * A carrier that says what it does not like, all of it: whatever goes to somebody called Refused; in a plain text, to Plain;
 * and why it declines, to Declined.
 */
export const startTalkativeCarrier = (): Promise<Outsider> =>
  listen((request, body) => {
    if (body.includes('Refused')) return { status: 400, body: { error: `I can't take ${body}` } };
    if (body.includes('Plain')) return { status: 400, body: `${toName(body)} is nobody we go to` };
    if (body.includes('Declined')) return { status: 200, body: { status: 'declined', reason: `nobody takes ${body}` } };
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

import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listen } from '../../infra/local/listen.ts';
import { startMail } from '../../infra/local/mail/startMail.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import '../../tests/setup/localDynamo.ts';
import { createSesMail } from './sesMail.ts';

const from = 'orders@waybill.example';
const mail = {
  eventId: 'af5c9deb-c2b1-5484-b19f-61e36228f446',
  to: 'c-1@customers.example',
  subject: 'Your order is confirmed',
  text: 'We will send you:\n\n  2 x Müsli\n',
};

let server: RunningServer;
beforeEach(async () => {
  server = await startMail();
});
afterEach(() => server.stop());

test('a mail arrives as it was written, and says which event it is about', async () => {
  await createSesMail({ endpoint: server.url, from })(mail);
  const { emails } = (await (await fetch(`${server.url}/store`)).json()) as { emails: readonly unknown[] };
  expect(emails).toMatchObject([
    {
      from,
      destination: { to: [mail.to] },
      subject: mail.subject,
      body: { text: mail.text },
      headers: [{ name: 'X-Waybill-Event', value: mail.eventId }],
    },
  ]);
});

/** A mail service that answers as it is told; with status 0 not at all. */
async function startAnswering() {
  let asked = 0;
  let reply = { status: 0, type: '' };
  const running = await listen(
    createServer((_, response) => {
      asked += 1;
      const { status, type } = reply;
      if (status > 0) response.writeHead(status, { 'x-amzn-errortype': type }).end(`{"message":"not ${mail.to}"}`);
    }),
    0,
  );
  return {
    ...running,
    asked: () => asked,
    answer: (status: number, type: string) => {
      reply = { status, type };
    },
  };
}

test('a mail that is wrong is refused for good, and no address gets into the failure', async () => {
  const answering = await startAnswering();
  answering.answer(400, 'MessageRejected');
  const error: unknown = await createSesMail({ endpoint: answering.url, from })(mail).catch((fault: unknown) => fault);
  await answering.stop();
  expect(error).toMatchObject({ code: 'mail/refused', retryable: false });
  expect(inspect(error)).not.toContain(mail.to);
});

test('a service that is silent, too busy or gone may be asked again, and was asked once', async () => {
  const answering = await startAnswering();
  const send = createSesMail({ endpoint: answering.url, from, timeoutMs: 50 });
  const unavailable = { code: 'mail/unavailable', retryable: true };
  await expect(send(mail)).rejects.toMatchObject(unavailable);
  answering.answer(429, 'TooManyRequestsException');
  await expect(send(mail)).rejects.toMatchObject(unavailable);
  expect(answering.asked()).toBe(2);
  await answering.stop();
  await expect(send(mail)).rejects.toMatchObject(unavailable);
});

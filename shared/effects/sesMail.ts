import { SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { createAwsHttpHandler } from '../config/awsHttpHandler.ts';
import { Fault } from '../kernel/fault.ts';
import { type Freezes, neverFrozen } from '../kernel/freezes.ts';
import type { SendMail } from './mail.ts';

interface Options {
  /** Without one the SDK finds the real service. */
  readonly endpoint: string | undefined;
  /** An address of a verified identity. */
  readonly from: string;
  readonly timeoutMs?: number;
  readonly freezes?: Freezes;
}

/** What is wrong with the mail itself; anything else is about the service or the account, and may pass. */
const refusals = new Set(['BadRequestException', 'MessageRejected']);

/** Amazon SES, API v2. One attempt a call: a mail that is sent again is another mail. */
export function createSesMail({ endpoint, from, timeoutMs = 5_000, freezes = neverFrozen }: Options): SendMail {
  const limits = { connectionTimeout: 1_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true };
  const client = new SESv2Client({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 1,
    requestHandler: createAwsHttpHandler(limits, freezes),
  });
  return async ({ eventId, to, subject, text }) => {
    const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' });
    const command = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: utf8(subject),
          Body: { Text: utf8(text) },
          Headers: [{ Name: 'X-Waybill-Event', Value: eventId }],
        },
      },
      EmailTags: [{ Name: 'event', Value: eventId }],
    });
    try {
      await client.send(command);
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error);
      const isRefused = error instanceof SESv2ServiceException && refusals.has(name);
      // Without its cause: the service's own words may repeat the address, and logs never hold one.
      throw new Fault(isRefused ? 'mail/refused' : 'mail/unavailable', `mail about event ${eventId}: ${name}`);
    }
  };
}

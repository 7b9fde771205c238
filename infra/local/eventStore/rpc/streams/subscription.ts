import { randomUUID } from 'node:crypto';
import { ReadResp } from '../../wire/streams.ts';
import type { Output } from '../output.ts';

/** Tells the client that it is subscribed: the first message of a subscription. */
export async function confirm(output: Output): Promise<void> {
  const confirmation = { subscriptionId: randomUUID() };
  if (!output.send(ReadResp.encode({ confirmation }))) await output.ready();
}

/** Tells the client that all history was sent: once. */
export async function tellCaughtUp(output: Output): Promise<void> {
  if (!output.send(CAUGHT_UP)) await output.ready();
}

const CAUGHT_UP = ReadResp.encode({ caughtUp: {} });

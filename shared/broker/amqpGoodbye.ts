import type { Socket } from 'node:net';
import type { ChannelModel } from 'amqplib';

/** How long the broker has to answer a goodbye: one that hangs, or is short of memory, does not read it. */
const farewellMs = 1_000;

/** The socket is the client's own, and its types do not name it. */
export const socketOf = (model: ChannelModel): Socket =>
  (model.connection as unknown as { readonly stream: Socket }).stream;

/** Says a goodbye, by default the connection's; a connection on which it is not answered is cut. Never rejects. */
export async function sayGoodbye(
  model: ChannelModel,
  goodbye: () => Promise<void> = () => model.close(),
): Promise<void> {
  const cut = setTimeout(() => socketOf(model).destroy(), farewellMs);
  await goodbye().catch(() => undefined);
  clearTimeout(cut);
}

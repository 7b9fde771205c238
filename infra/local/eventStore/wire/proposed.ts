import type { ProposedEvent } from '../log/eventLog.ts';
import type { MessageValue } from './message.ts';
import { InvalidRequest, toUuidBytes } from './shared.ts';
import type { ProposedMessage } from './streams.ts';

/** An event lacks one of the two keys every event must have. */
export class MissingMetadata extends Error {}

const NO_BYTES = Buffer.alloc(0);
const NIL_ID = Buffer.alloc(16);

/** The event a client proposes. Throws {@link MissingMetadata} or {@link InvalidRequest}. */
export function toProposedEvent(proposed: MessageValue<typeof ProposedMessage>): ProposedEvent {
  const type = proposed.metadata?.get('type');
  const contentType = proposed.metadata?.get('content-type');
  if (type === undefined) throw new MissingMetadata("Required Metadata Property 'type' is missing");
  if (contentType === undefined) throw new MissingMetadata("Required Metadata Property 'content-type' is missing");
  if (type === '') throw new InvalidRequest('An event type must not be empty.');
  const id = toUuidBytes(proposed.id);
  if (id.equals(NIL_ID)) throw new InvalidRequest('An event id must not be empty.');
  return {
    id,
    type,
    isJson: contentType === 'application/json',
    metadata: proposed.customMetadata ?? NO_BYTES,
    data: proposed.data ?? NO_BYTES,
  };
}

import { toStoredMetadata } from '../store/metadata.ts';
import type { EventMessage } from './message.ts';

/**
 * What `parseBody` reads. The body is self-contained, since a Lambda event carries neither exchange nor routing key. Apart
 * from it, so that who only publishes does not load the schemas.
 */
export function toBody({ stream, revision, event, attempt, look }: EventMessage): Buffer {
  const told = event && {
    id: event.id,
    type: event.type,
    data: event.data,
    metadata: toStoredMetadata(event.metadata),
  };
  // What is undefined is left out of JSON.
  return Buffer.from(JSON.stringify({ stream, revision: String(revision), attempt, look, event: told }));
}

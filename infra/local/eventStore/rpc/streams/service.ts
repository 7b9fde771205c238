import type { Context } from '../context.ts';
import type { Service } from '../service.ts';
import { createAppend } from './append.ts';
import { createBatchAppend } from './batchAppend.ts';
import { createDelete, createTombstone } from './delete.ts';
import { createRead } from './read.ts';

export const createStreamsService = (context: Context): Service => ({
  name: 'event_store.client.streams.Streams',
  rpcs: {
    Read: createRead(context),
    Append: createAppend(context),
    BatchAppend: createBatchAppend(context),
    Delete: createDelete(context),
    Tombstone: createTombstone(context),
  },
  features: { Read: ['position', 'events'], BatchAppend: ['deadline_duration'] },
});

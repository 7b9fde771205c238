import { authorize, type Context } from '../context.ts';
import type { Rpc } from '../service.ts';
import { readAll } from './readAll.ts';
import { parseReadQuery } from './readQuery.ts';
import { readStream } from './readStream.ts';
import { subscribeAll } from './subscribeAll.ts';
import { subscribeStream } from './subscribeStream.ts';

/** Streams.Read: finite reads and subscriptions, of one stream or of `$all`. */
export const createRead = (context: Context): Rpc => ({
  kind: 'answers',
  answer(request, output, headers) {
    const query = parseReadQuery(request);
    authorize(context, headers, 'read', 'name' in query ? query.name : '$all');
    if (query.kind === 'stream') return readStream(context, query, output);
    if (query.kind === 'all') return readAll(context, query, output);
    return query.kind === 'streamSubscription'
      ? subscribeStream(context, query, output)
      : subscribeAll(context, query, output);
  },
});

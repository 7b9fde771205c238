import { admit } from '../../../shared/http/admit.ts';
import asyncApi from '../../../shared/http/asyncapi.json' with { type: 'json' };
import { cacheable, reply } from '../../../shared/http/reply.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';

export const handler = route(loggerFor('getAsyncApi'), admit('getAsyncApi'), parseNoQuery, async () =>
  reply(200, asyncApi, cacheable),
);

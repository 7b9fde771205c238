import { admit } from '../../../shared/http/admit.ts';
import openApi from '../../../shared/http/openapi.json' with { type: 'json' };
import { cacheable, reply } from '../../../shared/http/reply.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';

export const handler = route(loggerFor('getOpenApi'), admit('getOpenApi'), parseNoQuery, async () =>
  reply(200, openApi, cacheable),
);

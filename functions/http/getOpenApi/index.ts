import { admit } from '../../../shared/http/admit.ts';
import openApi from '../../../shared/http/openapi.json' with { type: 'json' };
import { cacheable, reply } from '../../../shared/http/reply.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';

export const handler = route(
  loggerFor('getOpenApi'),
  admit('getOpenApi'),
  () => undefined,
  async () => reply(200, openApi, cacheable),
);

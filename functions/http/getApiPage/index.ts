import { admit } from '../../../shared/http/admit.ts';
import asyncApi from '../../../shared/http/asyncapi.json' with { type: 'json' };
import openApi from '../../../shared/http/openapi.json' with { type: 'json' };
import { cacheable, reply } from '../../../shared/http/reply.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { loggerFor } from '../../wiring/config.ts';
import { toPage } from './toPage.ts';

const page = lazy(() => toPage(openApi, asyncApi));

export const handler = route(loggerFor('getApiPage'), admit('getApiPage'), parseNoQuery, async () =>
  reply(200, page(), { ...cacheable, 'content-type': 'text/html; charset=utf-8' }),
);

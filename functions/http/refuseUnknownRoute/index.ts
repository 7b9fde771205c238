import { admit } from '../../../shared/http/admit.ts';
import openApi from '../../../shared/http/openapi.json' with { type: 'json' };
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';
import { toRoutes } from './routes.ts';

export const handler = route(
  loggerFor('refuseUnknownRoute'),
  admit('refuseUnknownRoute'),
  parseRequest,
  createHandler(toRoutes(openApi.paths)),
);

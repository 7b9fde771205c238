import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { deadLetterSources } from '../../wiring/deadLetters.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const service = 'listDeadLetters';

export const handler = route(
  loggerFor(service),
  admit('listDeadLetters'),
  parseRequest,
  createHandler(deadLetterSources(service)),
);

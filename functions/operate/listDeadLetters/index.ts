import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { deadLetterSources } from '../../wiring/deadLetters.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const service = 'listDeadLetters';
const logger = loggerFor(service);

export const handler = route(
  logger,
  admit('listDeadLetters'),
  parseRequest,
  createHandler({ ...deadLetterSources(service), logger }),
);

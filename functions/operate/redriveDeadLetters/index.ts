import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { remedyDeps } from '../../wiring/remedies.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const service = 'redriveDeadLetters';

export const handler = route(
  loggerFor(service),
  admit('redriveDeadLetters'),
  parseRequest,
  createHandler(remedyDeps(service)),
);

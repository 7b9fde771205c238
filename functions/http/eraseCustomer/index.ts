import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { personal } from '../../wiring/erasing.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('eraseCustomer'),
  admit('eraseCustomer'),
  parseRequest,
  createHandler({ personal }),
);

import * as z from 'zod';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { customerId, parseParameters } from '../../../shared/http/request.ts';

export const path = z.object({ customerId });

export type EraseCustomerRequest = z.infer<typeof path>;

/** @throws BadRequest */
export const parseRequest = (event: HttpEvent): EraseCustomerRequest =>
  parseParameters({ customerId: event.pathParameters?.['customerId'] }, path);

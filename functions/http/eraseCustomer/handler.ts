import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import type { EraseCustomerRequest } from './request.ts';

interface Deps {
  readonly personal: Pick<PersonalData, 'erase'>;
}

/**
 * `DELETE /customers/{customerId}/data`: name, mail address and address in all of the customer's orders so far can be read by
 * nobody any more, from now on; the orders stay. Also for a customer that nobody knows: the answer tells nothing.
 */
export const createHandler =
  ({ personal }: Deps) =>
  async ({ customerId, operator }: EraseCustomerRequest): Promise<Answer> => {
    await personal.erase(customerId);
    // Who did it, and never whose data it was: a customer's id may be a mail address, and logs outlive what was erased.
    const log = operator === undefined ? { askedBy: 'customer' } : { askedBy: 'operator', by: operator };
    return { ...reply(204, ''), log };
  };

import { createCustomerAddress } from '../../shared/effects/customerAddress.ts';
import { createDynamoClaims } from '../../shared/effects/dynamoClaims.ts';
import { createSesMail } from '../../shared/effects/sesMail.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { customerAddressTemplate, mailFrom, sesEndpoint } from './config.ts';
import { dynamo, tableName } from './tables.ts';

export const sendMail = createSesMail({ endpoint: sesEndpoint(), from: mailFrom() });
export const mailClaims = createDynamoClaims(dynamo, { table: tableName('mails'), clock: systemClock });
export const toAddress = createCustomerAddress(customerAddressTemplate());

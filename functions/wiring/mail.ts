import { createCustomerAddress } from '../../shared/effects/customerAddress.ts';
import { createDynamoClaims } from '../../shared/effects/dynamoClaims.ts';
import { createSesMail } from '../../shared/effects/sesMail.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { configOf, sesEndpoint } from './config.ts';
import { freezes } from './freezes.ts';
import { dynamo, tableName } from './tables.ts';

const { MAIL_FROM, MAIL_TO } = configOf('MAIL_FROM', 'MAIL_TO');

export const sendMail = createSesMail({ endpoint: sesEndpoint(), from: MAIL_FROM, freezes });
export const mailClaims = createDynamoClaims(dynamo, { table: tableName('mails'), clock: systemClock });
export const toAddress = createCustomerAddress(MAIL_TO);

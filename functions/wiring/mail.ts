import { createDynamoClaims } from '../../shared/effects/dynamoClaims.ts';
import { createSesMail } from '../../shared/effects/sesMail.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { configOf, sesEndpoint } from './config.ts';
import { freezes } from './freezes.ts';
import { dynamo, tableName } from './tables.ts';

const { MAIL_FROM } = configOf('MAIL_FROM');

export const sendMail = createSesMail({ endpoint: sesEndpoint(), from: MAIL_FROM, freezes });
export const mailClaims = createDynamoClaims(dynamo, { table: tableName('mails'), clock: systemClock });

import * as z from 'zod/mini';
import { logLevels } from '../../shared/observe/logger.ts';

const text = (form: RegExp, expected: string) => z.string(expected).check(z.regex(form, expected));
const either = (...words: readonly string[]) =>
  text(new RegExp(`^(${words.join('|')})$`), `expected ${words.join(' or ')}`);
const flag = z.union([z.boolean(), z.literal(['true', 'false'])], 'expected true or false');
/** After `--param` all values are texts. */
const number = (least: number, most: number) => {
  const isOne = (value: number | string) => {
    const given = value === '' ? Number.NaN : Number(value);
    return Number.isInteger(given) && given >= least && given <= most;
  };
  const expected = `expected a whole number, ${least} to ${most}`;
  return z.union([z.number(), z.string()], expected).check(z.refine(isOne, expected));
};
const secret = text(/^[\w/+=.@-]{1,512}$/, 'expected the name of a secret');
const cidr = z.cidrv4('expected a network such as 10.1.0.0/16');
const anything = z.string('expected a text');

/** Whom mail is from: an address, or `Name <address>`; the address is caught. */
export const sender = /^(?:[^<>]*<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+))$/;

/** How long a payment may stay without an answer: a day at most. */
export const paymentTimeoutMs = { least: 1, most: 86_400_000 } as const;

/** What CloudWatch keeps logs for, in days. Source: AWS::Logs::LogGroup, RetentionInDays. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What each setting of stages.yml may be. Numbers and yes-or-no may be texts, as they are after `--param`. */
export const settingForms: Readonly<Record<string, z.ZodMiniType<unknown>>> = {
  metricsNamespace: text(/^[^:].{0,254}$/, 'expected a text that does not begin with a colon'),
  minify: flag,
  templatesOnly: flag,
  eventStoreSecret: secret,
  paymentsSecret: secret,
  stripeSecret: secret,
  shippingSecret: secret,
  eventStoreCidr: cidr,
  eventStorePeeringId: text(/^(pcx-[0-9a-z]+)?$/, 'expected pcx-...'),
  eventStoreCa: anything,
  jwtIssuer: text(/^(https:\/\/[^\s/]+\.[^\s]+)?$/, 'expected an https address, as the issuer’s tokens have it'),
  jwtAudience: anything,
  mailFrom: anything,
  paymentTimeoutMs: number(paymentTimeoutMs.least, paymentTimeoutMs.most),
  stripePaymentMethod: anything,
  throttleRate: number(1, 10_000),
  throttleBurst: number(1, 5_000),
  corsOrigins: z.union([z.array(z.string()), z.string()], 'expected origins'),
  domainName: text(/^([a-z0-9-]+\.)*[a-z0-9-]*$/, 'expected a name such as orders.example.com'),
  keepDefaultAddress: flag,
  certificateArn: text(/^(arn:aws[\w-]*:acm:.+)?$/, 'expected arn:aws:acm:...'),
  vpcCidr: z
    .cidrv4('expected a network such as 10.90.0.0/16')
    .check(z.regex(/\/1[67]$/, 'expected a network of /16 or /17: six subnets of 4,096 addresses are cut from it')),
  zones: text(/^(([a-z]),(?!\2)([a-z]),(?!\2|\3)[a-z])?$/, 'expected three letters of the region’s zones: a,b,d'),
  natInEachZone: z.literal(['true', 'false'], 'expected "true" or "false", as a text'),
  brokerName: text(/^[\w-]{1,50}$/, 'expected 1 to 50 of A-Z a-z 0-9 _ -'),
  brokerVersion: text(/^4\.\d+$/, 'expected "4.2" or later, as a text'),
  brokerSize: text(/^mq\.m7g\.(medium|\d*x?large)$/, 'expected mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge ...'),
  brokerDeployment: either('SINGLE_INSTANCE', 'CLUSTER_MULTI_AZ'),
  virtualHost: text(/^[\w.-]{0,128}$/, 'expected A-Z a-z 0-9 _ . -'),
  mappings: either('on', 'off'),
  relay: either('lambda', 'fargate', 'process'),
  relayTasks: number(0, 10),
  relayImage: anything,
  logLevel: z.enum(logLevels, `expected ${logLevels.join(', ')}`),
  logRetentionInDays: z
    .union([z.number(), z.string()], 'expected days')
    .check(z.refine((days) => retentions.includes(Number(days)), `expected one of ${retentions.join(', ')}`)),
  depthAlarm: number(1, 1_000_000),
  deletionProtection: flag,
  deletionPolicy: either('Delete', 'Retain', 'RetainExceptOnCreate'),
  replacePolicy: either('Delete', 'Retain'),
  alarmEmail: text(/^([^\s@]+@[^\s@]+)?$/, 'expected an address'),
};

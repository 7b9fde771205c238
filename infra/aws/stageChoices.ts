import { readFileSync } from 'node:fs';
import { declareTopology, publishedCategories } from '../../shared/broker/topology.ts';
import { parseCertificates } from '../../shared/config/certificates.ts';
import { arn } from './arn.ts';
import type { Resolution } from './resolution.ts';
import { sender } from './settingForms.ts';

/** What all settings of a function may take is 4,096 bytes; the others stay below a quarter of it. */
const maxCaBytes = 3_072;

/**
 * The certificate of the CA that signed the event store's, as the stage gives it, or out of the file that the stage names;
 * empty for a CA that everybody knows.
 *
 * @throws Error when it is none, or longer than there is room for
 */
export async function eventStoreCa({ resolveVariable }: Resolution): Promise<string> {
  const given = await resolveVariable('param:eventStoreCa');
  if (typeof given !== 'string' || given === '') return '';
  try {
    const text = parseCertificates(given.includes('-----BEGIN') ? given : readFileSync(given, 'utf8'), 'eventStoreCa');
    if (text.length > maxCaBytes) throw new Error(`eventStoreCa has ${text.length} bytes, at most ${maxCaBytes}`);
    return text;
  } catch (error) {
    // Of several lines after `--param` the framework keeps the first and says nothing.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}; in settings.yml: eventStoreCa: <the path of a file with it>`);
  }
}

/** The address of `mailFrom`, which may have a name before it. @throws Error when there is none */
export async function mailAddress({ resolveVariable }: Resolution): Promise<string> {
  const from = String(await resolveVariable('param:mailFrom'));
  const [, named, bare] = sender.exec(from) ?? [];
  const address = named ?? bare;
  if (address !== undefined) return address;
  throw new Error(`mailFrom is "${from}", expected an address, or a name and an address: Waybill <orders@example.com>`);
}

/** Whichever of them is verified with SES is the one that the right is asked for: the address, its domain, or one above. */
export async function mailIdentities(resolution: Resolution) {
  const address = await mailAddress(resolution);
  const labels = address.replace(/^.*@/, '').split('.');
  const domains = labels.slice(1).map((_, above) => labels.slice(above).join('.'));
  return [
    ...[address, ...domains].map((identity) => arn('ses', `identity/${identity}`)),
    // An identity's default configuration set goes with each mail, and its right is asked for as well.
    arn('ses', 'configuration-set/*'),
  ];
}

/** With a domain of its own the API answers there alone, unless the stage keeps the other address for a while. */
export async function hasOneAddress({ resolveVariable }: Resolution): Promise<boolean> {
  const [domain, isKept] = await Promise.all(
    ['domainName', 'keepDefaultAddress'].map(async (name) => String((await resolveVariable(`param:${name}`)) ?? '')),
  );
  return domain !== '' && isKept !== 'true';
}

/** Who may call the API from a browser: nobody, where the stage names no origin. After `--param` origins stand between commas. */
export async function cors({ resolveVariable }: Resolution) {
  const given = await resolveVariable('param:corsOrigins');
  const listed = Array.isArray(given) ? given.map(String) : String(given ?? '').split(',');
  const allowedOrigins = listed.filter((origin) => origin !== '');
  if (allowedOrigins.length === 0) return false;
  return {
    allowedOrigins,
    allowedMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'prefer',
      'traceparent',
      'x-correlation-id',
    ],
    exposedResponseHeaders: ['etag', 'location', 'preference-applied', 'retry-after', 'x-correlation-id'],
    maxAge: 3_600,
  };
}

/** How tables' names begin: as the stage is called; of `npm start`, as it was told to. */
export async function tablePrefix({ resolveVariable }: Resolution): Promise<string> {
  const ofStage = (await Promise.all(['self:service', 'sls:stage'].map(resolveVariable))).join('-');
  if ((await resolveVariable('param:relay')) !== 'process') return ofStage;
  return String(await resolveVariable(`env:TABLE_PREFIX, "${ofStage}"`));
}

/** The relay's schedule: on where the stage has it run as a Lambda function. */
export const relaySchedule = async ({ resolveVariable }: Resolution) => ({
  rate: 'rate(1 minute)',
  enabled: (await resolveVariable('param:relay')) === 'lambda',
});

/** The daily look at the broker's topology: everywhere but beside `npm start`, whose broker is made anew each time. */
export const topologySchedule = async ({ resolveVariable }: Resolution) => ({
  rate: 'rate(1 day)',
  enabled: (await resolveVariable('param:relay')) !== 'process',
  input: { action: 'diff' },
});

/** The look at the queues: everywhere but beside `npm start`, whose broker has no management interface. */
export const measuringSchedule = async ({ resolveVariable }: Resolution) => ({
  rate: 'rate(1 minute)',
  enabled: (await resolveVariable('param:relay')) !== 'process',
});

/** What the stage counts on its relay to publish. */
export const relayCategories = publishedCategories.join(',');

/** A container's; a stage without one has none. */
export const relayImage = async ({ resolveVariable }: Resolution): Promise<string> =>
  (await resolveVariable('param:relay')) === 'fargate' ? String(await resolveVariable('param:relayImage')) : 'none';

/** One task has to be gone before its successor can start; of two, one stays. */
export const relayMinimumHealthyPercent = async ({ resolveVariable }: Resolution): Promise<number> =>
  Number(await resolveVariable('param:relayTasks')) > 1 ? 50 : 0;

/** Three of the region's zones, by the letters that the stage gives; without, the first three. */
const zone =
  (n: number) =>
  async ({ resolveVariable }: Resolution) => {
    const given = String((await resolveVariable('param:zones')) ?? '');
    if (given === '') return { 'Fn::Select': [n, { 'Fn::GetAZs': '' }] };
    return { 'Fn::Sub': `\${AWS::Region}${given.split(',')[n]}` };
  };
export const zones = { a: zone(0), b: zone(1), c: zone(2) };

/** Queues that a node takes, as Amazon MQ sets it unless told otherwise: rabbitmq-resource-limits-configuration. */
const maxQueues = { SINGLE_INSTANCE: { medium: 500, larger: 1_000 }, CLUSTER_MULTI_AZ: { medium: 100, larger: 1_000 } };

/** @throws Error when a broker of that size does not take as many queues as there are */
export async function brokerSize({ resolveVariable }: Resolution): Promise<string> {
  const [size, deployment] = await Promise.all(
    ['brokerSize', 'brokerDeployment'].map(async (name) => String(await resolveVariable(`param:${name}`))),
  );
  const limits = maxQueues[deployment as keyof typeof maxQueues];
  if (!limits) throw new Error(`brokerDeployment is "${deployment}", expected ${Object.keys(maxQueues).join(' or ')}`);
  const max = limits[size?.endsWith('.medium') ? 'medium' : 'larger'];
  const { length } = declareTopology().queues;
  if (length <= max) return String(size);
  throw new Error(
    `${deployment} of ${size} takes ${max} queues, and there are ${length}; in settings.yml: brokerSize: mq.m7g.large`,
  );
}

/** A cluster's figure is the sum of its nodes': one can be full while all of them together are half empty. */
export const brokerMemoryPercent = async ({ resolveVariable }: Resolution): Promise<number> =>
  (await resolveVariable('param:brokerDeployment')) === 'SINGLE_INSTANCE' ? 80 : 50;

/** A single instance stands in one subnet, a cluster in three. */
export async function brokerSubnets({ resolveVariable }: Resolution) {
  const all = [{ Ref: 'PrivateSubnetA' }, { Ref: 'PrivateSubnetB' }, { Ref: 'PrivateSubnetC' }];
  return (await resolveVariable('param:brokerDeployment')) === 'SINGLE_INSTANCE' ? all.slice(0, 1) : all;
}

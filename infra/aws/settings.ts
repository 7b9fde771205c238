import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Resolution } from './resolution.ts';
import { settingForms } from './settingForms.ts';

/** Settings by stage, as infra/aws/stages.yml has them; `default` is every stage's. */
export type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where an account keeps what is its own, unless `WAYBILL_SETTINGS` names another file; an empty one: nowhere. */
const ownFile = 'settings.yml';
/** `npm start` has its own, and nothing of an account's. */
const isDeployed = (stage: string): boolean => stage !== 'local';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const quote = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

/** What cannot be deployed, line by line. The framework shows an error's stack; where this one comes from helps nobody. */
class SettingsProblem extends Error {
  constructor(problems: readonly string[]) {
    super(`settings: ${problems.join('\n  settings: ')}\n  (docs/operations.md, "Settings")`);
    this.stack = this.message;
  }
}

/** Every name that there is not: one that is misspelt would be passed over. */
const unknownNames = (settings: object): readonly string[] =>
  Object.keys(settings).flatMap((name) => (Object.hasOwn(settingForms, name) ? [] : [`no setting '${name}'`]));

/**
 * The stages with an account's own settings over them.
 *
 * @param path of `own`, for what is wrong in it
 * @throws SettingsProblem naming every stage and setting that there is not
 */
export function mergeSettings(stages: Settings, own: unknown, path: string): Settings {
  if (own === null || own === undefined) return stages;
  if (!isRecord(own)) throw new SettingsProblem([`${path}: expected stages, as infra/aws/stages.yml has them`]);
  const stageNames = Object.keys(stages).filter(isDeployed);
  const problems = Object.entries(own).flatMap(([stage, settings]) => {
    if (!stageNames.includes(stage)) return [`no stage '${stage}', there are ${stageNames.join(', ')}`];
    if (!isRecord(settings)) return [`${stage}: expected settings`];
    return unknownNames(settings).map((problem) => `${stage}: ${problem}`);
  });
  if (problems.length > 0) throw new SettingsProblem(problems.map((problem) => `${path}: ${problem}`));
  // What an account says for every stage stands above what a stage has here: it is about the account.
  const everywhere = isRecord(own['default']) ? own['default'] : {};
  return Object.fromEntries(
    Object.entries(stages).map(([stage, settings]) => {
      if (!isDeployed(stage)) return [stage, settings];
      const ofStage = stage !== 'default' && isRecord(own[stage]) ? own[stage] : {};
      return [stage, { ...settings, ...everywhere, ...ofStage }];
    }),
  );
}

/** What the framework fills in later is not looked at. */
const isOpen = (value: unknown): boolean => typeof value === 'string' && value.includes('$' + '{');

/** What is wrong with the settings of one stage as they would be deployed. */
export function checkSettings(settings: Readonly<Record<string, unknown>>): readonly string[] {
  const wrong = Object.entries(settings).flatMap(([name, value]) => {
    const parsed = isOpen(value) ? undefined : settingForms[name]?.safeParse(value);
    const [issue] = parsed?.error?.issues ?? [];
    return issue ? [`${name} is ${quote(value)}, ${issue.message}`] : [];
  });
  const missing = Object.entries(required).flatMap(([name, what]) => (settings[name] ? [] : [`${name}: ${what}`]));
  const { relay, relayImage, domainName, certificateArn, eventStorePeeringId, eventStoreCidr, vpcCidr, virtualHost } =
    settings;
  // A table of routes has one to 0.0.0.0/0, and those to itself.
  const isNoPeer = eventStoreCidr === vpcCidr || eventStoreCidr === '0.0.0.0/0';
  return [
    ...missing,
    ...wrong,
    ...(virtualHost === '' ? ['virtualHost: a name; without one nobody finds the broker’s queues'] : []),
    ...(relay === 'process' ? ['relay is "process", which is for npm start'] : []),
    ...(Boolean(domainName) !== Boolean(certificateArn) ? ['domainName and certificateArn: both, or neither'] : []),
    ...(relay === 'fargate' && !relayImage
      ? ['relayImage: <account>.dkr.ecr.<region>.amazonaws.com/waybill-relay:<tag>']
      : []),
    ...(eventStorePeeringId && isNoPeer
      ? [`eventStoreCidr is ${quote(eventStoreCidr)}, expected the peer’s network`]
      : []),
  ];
}

const required = {
  mailFrom: 'from which address, verified with SES, customers get mail',
  jwtIssuer: 'who issues callers’ tokens, such as https://issuer.example.com',
  jwtAudience: 'for whom callers’ tokens are issued',
} as const;

/** One that is named and not there is a mistake. */
function readOwn(path: string): unknown {
  const file = resolve(root, path);
  if (path !== '' && existsSync(file)) return parse(readFileSync(file, 'utf8'));
  if (path === '' || path === ownFile) return undefined;
  throw new SettingsProblem([`WAYBILL_SETTINGS names '${path}', and there is no such file`]);
}

/** What `--param` says for this deployment, by name. */
const readGiven = (given: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [given ?? []].flat().map((param) => {
      const [name = '', ...value] = String(param).split('=');
      return [name, value.join('=')];
    }),
  );

/**
 * What `${param:...}` gives in serverless.yml and infra/aws: the stages of this repository, and over them the account's own.
 *
 * @throws SettingsProblem with everything that is wrong with them, or with what `--stage` and `--param` say
 */
export async function params({ resolveVariable }: Resolution): Promise<Settings> {
  const stages = parse(readFileSync(`${root}infra/aws/stages.yml`, 'utf8')) as Settings;
  const stage = String(await resolveVariable('sls:stage'));
  if (!isDeployed(stage)) return stages;
  const path = String(await resolveVariable(`env:WAYBILL_SETTINGS, "${ownFile}"`));
  const merged = mergeSettings(stages, readOwn(path), path);
  const { default: everywhere, [stage]: ofStage } = merged;
  const there = Object.keys(stages).filter((name) => isDeployed(name) && name !== 'default');
  if (!there.includes(stage)) throw new SettingsProblem([`no stage '${stage}', there are ${there.join(', ')}`]);
  const given = readGiven(await resolveVariable('opt:param, null'));
  const problems = [
    ...unknownNames(given).map((problem) => `--param: ${problem}`),
    ...checkSettings({ ...everywhere, ...ofStage, ...given }),
  ];
  if (problems.length > 0) throw new SettingsProblem(problems);
  return merged;
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Settings by stage, as infra/aws/stages.yml has them; `default` is every stage's. */
export type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** As much of the framework's variable resolution as is used here. */
interface Resolution {
  readonly resolveVariable: (address: string) => Promise<unknown>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where an account keeps what is its own, unless `WAYBILL_SETTINGS` names another file; an empty one: nowhere. */
const ownFile = 'settings.yml';
/** `npm start` has its own, and nothing of an account's. */
const isDeployed = (stage: string): boolean => stage !== 'local';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** YAML's 4.10 is the number 4.1, and its true is no text. */
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

/**
 * The stages with an account's own settings over them.
 *
 * @param path of `own`, for what is wrong in it
 * @throws Error naming every stage and setting that there is not, since one that is misspelt would be passed over, and every
 *   value of another kind than the stages have
 */
export function mergeSettings(stages: Settings, own: unknown, path: string): Settings {
  if (own === null || own === undefined) return stages;
  if (!isRecord(own)) throw new Error(`${path}: expected stages, as infra/aws/stages.yml has them`);
  const stageNames = Object.keys(stages).filter(isDeployed);
  const known = new Map(Object.values(stages).flatMap((settings) => Object.entries(settings)));
  const wrong = Object.entries(own).flatMap(([stage, settings]) => {
    if (!stageNames.includes(stage)) return [`no stage '${stage}', there are ${stageNames.join(', ')}`];
    if (!isRecord(settings)) return [`${stage}: expected settings`];
    return Object.entries(settings).flatMap(([name, value]) => {
      if (!known.has(name)) return [`${stage}: no setting '${name}'`];
      const [is, wanted] = [kindOf(value), kindOf(known.get(name))];
      return is === wanted ? [] : [`${stage}: ${name} is a ${is}, expected a ${wanted}`];
    });
  });
  if (wrong.length > 0) throw new Error(`${path}: ${wrong.join('; ')}`);
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

/** One that is named and not there is a mistake. */
function readOwn(path: string): unknown {
  const file = resolve(root, path);
  if (path !== '' && existsSync(file)) return parse(readFileSync(file, 'utf8'));
  if (path === '' || path === ownFile) return undefined;
  throw new Error(`WAYBILL_SETTINGS names '${path}', and there is no such file`);
}

/** What `${param:...}` gives in serverless.yml and infra/aws: the stages of this repository, and over them the account's own. */
export async function params({ resolveVariable }: Resolution): Promise<Settings> {
  const stages = parse(readFileSync(`${root}infra/aws/stages.yml`, 'utf8')) as Settings;
  if (!isDeployed(String(await resolveVariable('sls:stage')))) return stages;
  const path = String(await resolveVariable(`env:WAYBILL_SETTINGS, "${ownFile}"`));
  return mergeSettings(stages, readOwn(path), path);
}

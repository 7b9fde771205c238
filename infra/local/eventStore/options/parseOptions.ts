import type { EventStoreOptions } from '../startEventStore.ts';
import { nearest } from './nearest.ts';
import { ALIASES, OPTIONS, type Option, type OptionName, WITHOUT_EFFECT } from './optionTable.ts';

/** What the command line and the environment ask for. `notes` are lines for the person who started the server. */
export interface ParsedOptions {
  readonly options: EventStoreOptions;
  readonly notes: readonly string[];
}

type Given = Partial<Record<OptionName, string>>;

const ENVIRONMENT_PREFIX = 'EVENTSTORE_';
/** Where this project's programs find an event store; not an option of the server. */
const NOT_OPTIONS: readonly string[] = ['EVENTSTORE_URL'];
const DEFAULT_PORT = 2113;

/** Flags win over the environment. Throws an `Error` whose message names every problem, and for an unknown flag the nearest known. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  const problems: string[] = [];
  const notes: string[] = [];
  const given: Given = {};
  for (const [name, value] of fromEnvironment(environment)) {
    const option = toOption(name);
    if (option) given[option] = value;
    else notes.push(noteOn(name, `${ENVIRONMENT_PREFIX}${name.toUpperCase().replaceAll('-', '_')}`));
  }
  for (const [name, value] of fromFlags(args, problems)) {
    const option = toOption(name);
    if (option) given[option] = value;
    else if (WITHOUT_EFFECT.includes(name)) notes.push(noteOn(name, `--${name}`));
    else problems.push(`unknown option --${name}, the nearest is --${nearest(name, knownNames())}`);
  }
  const options = toServerOptions(given, problems);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return { options, notes };
}

function knownNames(): readonly string[] {
  return [...Object.keys(OPTIONS), ...Object.keys(ALIASES), ...WITHOUT_EFFECT];
}

function toOption(name: string): OptionName | undefined {
  return ALIASES[name] ?? (Object.hasOwn(OPTIONS, name) ? (name as OptionName) : undefined);
}

function noteOn(name: string, shown: string): string {
  return WITHOUT_EFFECT.includes(name)
    ? `${shown} has no effect on this server`
    : `${shown} is not an option, the nearest is ${nearest(name, knownNames())}`;
}

function* fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Generator<[string, string]> {
  for (const [key, value] of Object.entries(environment)) {
    if (!key.startsWith(ENVIRONMENT_PREFIX) || value === undefined || NOT_OPTIONS.includes(key)) continue;
    yield [key.slice(ENVIRONMENT_PREFIX.length).toLowerCase().replaceAll('_', '-'), value];
  }
}

/** `--name value`, `--name=value`, and `--name` alone for a switch. */
function* fromFlags(args: readonly string[], problems: string[]): Generator<[string, string]> {
  for (let at = 0; at < args.length; at++) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(args[at] ?? '') ?? [];
    if (name === undefined) {
      problems.push(`'${args[at]}' is not an option: options start with --`);
      continue;
    }
    const option = toOption(name);
    const next = args[at + 1];
    const isSwitch = option !== undefined && OPTIONS[option].kind === 'switch';
    if (inline !== undefined) yield [name, inline];
    else if (next !== undefined && !next.startsWith('--') && (!isSwitch || toSwitch(next) !== undefined)) {
      at++;
      yield [name, next];
    } else if (isSwitch || option === undefined) yield [name, 'true'];
    else problems.push(`--${name} needs a value`);
  }
}

function toSwitch(text: string | undefined): boolean | undefined {
  const value = text?.toLowerCase();
  return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : undefined;
}

function toServerOptions(given: Given, problems: string[]): EventStoreOptions {
  for (const [name, text] of Object.entries(given)) {
    const { kind }: Option = OPTIONS[name as OptionName];
    if (kind === 'switch' && toSwitch(text) === undefined) problems.push(`--${name} is true or false, not '${text}'`);
    if (kind === 'number' && !/^\d{1,15}$/.test(text)) problems.push(`--${name} is a whole number, not '${text}'`);
    if (Array.isArray(kind) && !kind.some((choice: string) => choice.toLowerCase() === text.toLowerCase())) {
      problems.push(`--${name} is one of ${kind.join(', ')}, not '${text}'`);
    }
  }
  const isDev = toSwitch(given.dev) ?? false;
  const isInsecure = toSwitch(given.insecure) ?? true;
  const isInMemory = toSwitch(given['mem-db']) ?? isDev;
  if (!isInsecure && !(given['certificate-file'] && given['certificate-private-key-file'])) {
    problems.push('--insecure=false needs --certificate-file and --certificate-private-key-file');
  }
  const whole = (name: OptionName): number | undefined => (given[name] === undefined ? undefined : Number(given[name]));
  return withoutUndefined({
    port: whole('http-port') ?? DEFAULT_PORT,
    host: given['node-ip'],
    advertisedHost: given['advertise-host-to-client-as'],
    advertisedPort: whole('advertise-http-port-to-client-as'),
    isSecure: !isInsecure,
    certificateFile: given['certificate-file'],
    privateKeyFile: given['certificate-private-key-file'],
    directory: isInMemory ? undefined : given.db,
    maxAppendBytes: whole('max-append-size'),
    projections: given['run-projections']?.toLowerCase() as EventStoreOptions['projections'],
    startsStandardProjections: toSwitch(given['start-standard-projections']) ?? isDev,
    projectionLagMs: whole('projection-lag-ms'),
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(record: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
}

/** The text of `--help`. */
export function helpText(): string {
  const lines = Object.entries(OPTIONS).map(([name, { help }]) => `  --${name.padEnd(34)}${help}`);
  return [
    'A local EventStoreDB-compatible server.',
    '',
    'Every option is also an environment variable: --http-port is EVENTSTORE_HTTP_PORT.',
    '',
    ...lines,
  ].join('\n');
}

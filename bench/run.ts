/**
 * `npm run bench -- <name>`: runs bench/<name>.ts, which prints its table for people; the last line is one JSON object
 * for machines: `{ "name", "figures", "ratios" }`.
 */
import { readdirSync } from 'node:fs';

/** What a benchmark measured. Figures carry their unit in their name; ratios compare two things measured in this run. */
export interface BenchResult {
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}

/** What each bench/<name>.ts exports. */
export interface Bench {
  run(): Promise<BenchResult>;
}

const toFileName = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const toName = (file: string): string =>
  file.slice(0, -'.ts'.length).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
  .map(toName);

const [name, ...rest] = process.argv.slice(2);
const usage = `npm run bench -- <name>, one of: ${names.join(', ')}`;
if (name === '--help' || name === '-h') {
  console.log(usage);
  process.exit(0);
}
if (name === undefined || rest.length > 0 || !names.includes(name)) {
  if (name !== undefined) console.error(`there is no benchmark "${[name, ...rest].join(' ')}"`);
  console.error(usage);
  process.exit(1);
}

const bench: Bench = await import(`./${toFileName(name)}.ts`);
const { figures, ratios } = await bench.run();
console.log(JSON.stringify({ name, figures, ratios }));
process.exit(0);

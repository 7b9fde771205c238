/** A whole consumer, from the broker to its row in the table, beside its ceilings and beside the usual ways. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeMessages } from './consumers/load.ts';
import { startServers } from './consumers/servers.ts';
import {
  bareConsume,
  bareCursorWrites,
  bareViewWrites,
  type Measured,
  nest,
  powertools,
  reaction,
  type Subject,
  view,
} from './consumers/subjects.ts';
import type { BenchResult } from './run.ts';

/** Rounds of all subjects in turn; each figure is the median. */
const rounds = 5;
const eventCount = 3_000;

const subjects = { view, reaction, bareConsume, bareViewWrites, bareCursorWrites, powertools, nest } as const;
type Name = keyof typeof subjects;
const names = Object.keys(subjects) as readonly Name[];

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Their modules are no part of the project: they come when they are measured against. */
function installPeers(): void {
  const peers = join(import.meta.dirname, 'peers');
  if (existsSync(join(peers, 'node_modules'))) return;
  console.log('installing what is measured against: npm ci --prefix bench/peers');
  execFileSync('npm', ['ci', '--prefix', peers, '--no-audit', '--no-fund'], { stdio: 'inherit' });
}

export async function run(): Promise<BenchResult> {
  installPeers();
  process.env['AWS_REGION'] ??= 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  const servers = await startServers();
  try {
    for (const eventsOfEach of [1, 4]) {
      const measured = new Map<Name, Measured[]>(names.map((name) => [name, []]));
      const measure = async (name: Name, count: number): Promise<Measured> => {
        const subject: Subject = subjects[name];
        return subject(servers, makeMessages(count / eventsOfEach, eventsOfEach));
      };
      // The first of everything is slower: code is compiled, connections are made.
      for (const name of names) await measure(name, eventCount / 4);
      for (let n = 0; n < rounds; n += 1) {
        for (const name of n % 2 === 0 ? names : names.toReversed()) {
          measured.get(name)?.push(await measure(name, eventCount));
        }
      }
      const rates = (name: Name): readonly number[] => measured.get(name)?.map(({ rate }) => rate) ?? [];
      /** Neighbours in time are compared, so that what else the machine does weighs on both. */
      const ratio = (of: Name, to: Name): number =>
        round(median(rates(of).map((rate, n) => rate / (rates(to)[n] ?? Number.NaN))));
      const ofEach = `${eventsOfEach} event${eventsOfEach === 1 ? '' : 's'} of each stream`;
      console.log(`\n${ofEach.padEnd(32)} messages/s   requests/event`);
      for (const name of names) {
        const requests = measured.get(name)?.at(-1)?.requestsPerEvent;
        figures[`${name}PerSecond${eventsOfEach}`] = Math.round(median(rates(name)));
        const cells = [figures[`${name}PerSecond${eventsOfEach}`]?.toLocaleString('en'), requests?.toFixed(3)];
        console.log(`${name.padEnd(32)} ${cells.map((cell = '') => cell.padStart(10)).join('       ')}`);
      }
      figures[`requestsPerEvent${eventsOfEach}`] = round(
        measured.get('reaction')?.at(-1)?.requestsPerEvent ?? Number.NaN,
        3,
      );
      ratios[`vsPowertools${eventsOfEach}`] = ratio('reaction', 'powertools');
      ratios[`vsNest${eventsOfEach}`] = ratio('reaction', 'nest');
      ratios[`vsDynamo${eventsOfEach}`] = Math.min(
        ratio('reaction', 'bareCursorWrites'),
        ratio('view', 'bareViewWrites'),
      );
    }
  } finally {
    await servers.stop();
  }
  console.log();
  for (const [name, value] of Object.entries(ratios))
    console.log(`${name.padEnd(32)} ${value.toFixed(2).padStart(10)}`);
  return { figures, ratios };
}

/**
 * What a function's cold start is made of, as far as it is ours: the size of its bundle, and the time to load it beside the
 * time to load libraries alone. Of those there are two floors:
 *
 * - `clients`: the packages that speak to a server, by the names that the function uses, bundled as anybody would (esbuild,
 *   minified, what nobody uses shaken off), without what Waybill's own plugins leave out of them. The ratio is to this one.
 * - `trimmed`: all packages, bundled with those plugins: what is above it is Waybill's own code and the making of clients.
 *
 * Rounds alternate between them, so that all see the same machine, and the least of them counts: loading does the same work
 * every time, and whatever else the machine does only adds to it.
 */
import { rmSync } from 'node:fs';
import { bundleAsDeployed, functionEntries, plainOptions, root } from '../infra/aws/bundleAsDeployed.ts';
import { measureInit } from './coldStart/initTime.ts';
import { writeLibraries } from './coldStart/libraries.ts';
import type { BenchResult } from './run.ts';

const rounds = 15;
const folder = '.local/coldStart';
const toBundle = (path: string): string => `${root}${folder}/out/${path.replace(/\.ts$/, '.mjs')}`;

/** CPU time to load each, in milliseconds; infinite for what is not there. */
function leastMs(programs: readonly (string | undefined)[]): readonly number[] {
  const least = programs.map(() => Number.POSITIVE_INFINITY);
  for (let n = 0; n < rounds; n += 1) {
    for (const [index, program] of programs.entries()) {
      if (program === undefined) continue;
      least[index] = Math.min(least[index] ?? 0, measureInit(toBundle(program)).cpuMs);
    }
  }
  return least;
}

/** Rounded, or a dash where there is no floor. */
const cell = (value: number, digits: number, width: number): string =>
  (Number.isFinite(value) ? value.toFixed(digits) : '-').padStart(width);

export async function run(): Promise<BenchResult> {
  rmSync(`${root}${folder}`, { recursive: true, force: true });
  const entries = functionEntries();
  const metafile = await bundleAsDeployed(entries, `${folder}/out`);
  const subjects = await Promise.all(
    entries.map(async (entry) => ({
      name: entry.split('/')[2] ?? entry,
      entry,
      bytes: metafile.outputs[`${folder}/out/${entry.replace(/\.ts$/, '.mjs')}`]?.bytes ?? 0,
      clients: await writeLibraries(entry, 'clients', folder),
      trimmed: await writeLibraries(entry, 'all', folder),
    })),
  );
  const programsOf = (floor: 'clients' | 'trimmed'): readonly string[] =>
    subjects.flatMap(({ [floor]: program = [] }) => program);
  await bundleAsDeployed(programsOf('clients'), `${folder}/out`, plainOptions());
  await bundleAsDeployed(programsOf('trimmed'), `${folder}/out`);

  console.log('function                     bundle KB  init ms  clients ms  init/clients  trimmed ms  init/trimmed');
  const ratios: { readonly clients: number; readonly trimmed: number }[] = [];
  for (const { name, entry, bytes, clients, trimmed } of subjects) {
    const [init = 0, ofClients = 0, ofTrimmed = 0] = leastMs([entry, clients, trimmed]);
    const ratio = { clients: init / ofClients, trimmed: init / ofTrimmed };
    // A function that speaks to no server has no clients to compare with, and for the deploy step nobody waits.
    if (clients !== undefined && !entry.startsWith('functions/deploy/')) ratios.push(ratio);
    const floors = [
      cell(ofClients, 0, 12),
      cell(clients === undefined ? Number.NaN : ratio.clients, 2, 14),
      cell(ofTrimmed, 0, 12),
      cell(ratio.trimmed, 2, 14),
    ];
    console.log(`${name.padEnd(28)}${cell(bytes / 1_000, 0, 10)}${cell(init, 0, 9)}${floors.join('')}`);
  }
  rmSync(`${root}${folder}`, { recursive: true, force: true });
  const largest = Math.max(...subjects.map(({ bytes }) => bytes));
  const commands = subjects.filter(({ entry }) => /^functions\/(http|operate)\//.test(entry));
  const worst = (floor: 'clients' | 'trimmed'): number =>
    Math.round(Math.max(...ratios.map(({ [floor]: ratio }) => ratio)) * 100) / 100;
  return {
    figures: {
      largestBundleKb: Math.round(largest / 1_000),
      largestCommandBundleKb: Math.round(Math.max(...commands.map(({ bytes }) => bytes)) / 1_000),
    },
    ratios: { initOverLibraries: worst('clients'), initOverTrimmedLibraries: worst('trimmed') },
  };
}

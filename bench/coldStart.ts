/**
 * What a function's cold start is made of, as far as it is ours: the size of its bundle, and the time to load it beside the
 * time to load the libraries that it imports, alone. Rounds alternate between the two, so that both see the same machine, and
 * the least of them counts: loading does the same work every time, and whatever else the machine does only adds to it.
 */
import { rmSync } from 'node:fs';
import { bundleAsDeployed, functionEntries, root } from '../infra/aws/bundleAsDeployed.ts';
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

export async function run(): Promise<BenchResult> {
  rmSync(`${root}${folder}`, { recursive: true, force: true });
  const entries = functionEntries();
  const metafile = await bundleAsDeployed(entries, `${folder}/out`);
  const subjects = await Promise.all(
    entries.map(async (entry) => ({
      name: entry.split('/')[2] ?? entry,
      entry,
      bytes: metafile.outputs[`${folder}/out/${entry.replace(/\.ts$/, '.mjs')}`]?.bytes ?? 0,
      libraries: await writeLibraries(entry, 'all', folder),
      clients: await writeLibraries(entry, 'clients', folder),
    })),
  );
  await bundleAsDeployed(
    subjects.flatMap(({ libraries = [], clients = [] }) => [libraries, clients].flat()),
    `${folder}/out`,
  );

  console.log('function                       bundle KB   init ms   libraries ms   init/libraries   init/clients');
  const ratios = new Map<string, number>();
  for (const { name, entry, bytes, libraries, clients } of subjects) {
    const [init = 0, ofLibraries = 0, ofClients = 0] = leastMs([entry, libraries, clients]);
    // A function that speaks to no server has no clients to compare with, and for the deploy step nobody waits.
    if (clients !== undefined && !entry.startsWith('functions/deploy/')) ratios.set(name, init / ofLibraries);
    const cells = [
      (bytes / 1_000).toFixed(0).padStart(10),
      init.toFixed(0).padStart(10),
      (libraries === undefined ? '-' : ofLibraries.toFixed(0)).padStart(15),
      (libraries === undefined ? '-' : (init / ofLibraries).toFixed(2)).padStart(17),
      (clients === undefined ? '-' : (init / ofClients).toFixed(2)).padStart(15),
    ];
    console.log(`${name.padEnd(30)}${cells.join('')}`);
  }
  rmSync(`${root}${folder}`, { recursive: true, force: true });
  const largest = Math.max(...subjects.map(({ bytes }) => bytes));
  const commands = subjects.filter(({ entry }) => /^functions\/(http|operate)\//.test(entry));
  return {
    figures: {
      largestBundleKb: Math.round(largest / 1_000),
      largestCommandBundleKb: Math.round(Math.max(...commands.map(({ bytes }) => bytes)) / 1_000),
    },
    ratios: { initOverLibraries: Math.round(Math.max(...ratios.values()) * 100) / 100 },
  };
}

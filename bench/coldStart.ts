/**
 * What a function's cold start is made of, as far as it is ours: the size of its bundle, and the time to load it beside the
 * time to load the libraries that it imports, alone. Rounds alternate between the two, so that both see the same machine.
 */
import { rmSync } from 'node:fs';
import { bundleAsDeployed, functionEntries, root } from '../infra/aws/bundleAsDeployed.ts';
import { measureInit } from './coldStart/initTime.ts';
import { writeLibraries } from './coldStart/libraries.ts';
import type { BenchResult } from './run.ts';
import { percentile } from './way/percentiles.ts';

const rounds = 5;
const folder = '.local/coldStart';
const median = (values: readonly number[]): number => percentile(values, 0.5);
const toBundle = (path: string): string => `${root}${folder}/out/${path.replace(/\.ts$/, '.mjs')}`;

export async function run(): Promise<BenchResult> {
  rmSync(`${root}${folder}`, { recursive: true, force: true });
  const entries = functionEntries();
  const metafile = await bundleAsDeployed(entries, `${folder}/out`);
  const subjects = entries.map((entry) => ({
    name: entry.split('/')[2] ?? entry,
    entry,
    bytes: metafile.outputs[`${folder}/out/${entry.replace(/\.ts$/, '.mjs')}`]?.bytes ?? 0,
    libraries: writeLibraries(metafile, entry, 'all', folder),
    clients: writeLibraries(metafile, entry, 'clients', folder),
  }));
  await bundleAsDeployed(
    subjects.flatMap(({ libraries = [], clients = [] }) => [libraries, clients].flat()),
    `${folder}/out`,
  );

  console.log('function                       bundle KB   init ms   libraries ms   init/libraries   init/clients');
  const ratios = new Map<string, number>();
  for (const { name, entry, bytes, libraries, clients } of subjects) {
    const init: number[] = [];
    const overLibraries: number[] = [];
    const overClients: number[] = [];
    const libraryMs: number[] = [];
    for (let n = 0; n < rounds; n += 1) {
      const own = measureInit(toBundle(entry)).cpuMs;
      init.push(own);
      if (libraries !== undefined) {
        const { cpuMs } = measureInit(toBundle(libraries));
        libraryMs.push(cpuMs);
        overLibraries.push(own / cpuMs);
      }
      if (clients !== undefined) overClients.push(own / measureInit(toBundle(clients)).cpuMs);
    }
    // A function that speaks to no server has no clients to compare with, and for the deploy step nobody waits.
    if (clients !== undefined && !entry.startsWith('functions/deploy/')) ratios.set(name, median(overLibraries));
    const cells = [
      (bytes / 1_000).toFixed(0).padStart(10),
      median(init).toFixed(0).padStart(10),
      (libraryMs.length > 0 ? median(libraryMs).toFixed(0) : '-').padStart(15),
      (overLibraries.length > 0 ? median(overLibraries).toFixed(2) : '-').padStart(17),
      (overClients.length > 0 ? median(overClients).toFixed(2) : '-').padStart(15),
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

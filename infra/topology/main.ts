/** `npm run topology -- diff|apply`: see commandLine.ts for what it takes. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createHttpBrokerAdmin } from '../../shared/broker/admin/httpBrokerAdmin.ts';
import type { BrokerCredentials } from '../../shared/broker/admin/planTopology.ts';
import { diffTopology, reconcileTopology, type TopologyReport } from '../../shared/broker/admin/reconcileTopology.ts';
import { consumers } from '../../shared/broker/topology.ts';
import { parseCommandLine, type TopologyCommand, usage } from './commandLine.ts';
import { describeReport } from './describeReport.ts';
import { invoke } from './invoke.ts';

/** @throws Error that quotes nothing of it: there are passwords in it */
function readUsers(file: string): BrokerCredentials {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON`);
  }
}

/** What has to be told even if nothing else can be: see reconcileTopology.ts. */
let toTell: readonly string[] = [];
const onMissed = (missed: readonly string[]): void => {
  toTell = missed;
};

async function run({ target, ...command }: TopologyCommand): Promise<TopologyReport> {
  if (target.kind === 'function') return invoke(command, target);
  const credentials = target.usersFile ? readUsers(target.usersFile) : {};
  const { action, retiredConsumers, deleteWithMessages } = command;
  const wanted = { consumers: Object.values(consumers), retiredConsumers, credentials, newSalt: () => randomBytes(4) };
  const work = action === 'diff' ? diffTopology : reconcileTopology;
  return work(createHttpBrokerAdmin(target.url, target.apiUrl), wanted, { deleteWithMessages, onMissed });
}

try {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  if (command === undefined) {
    console.log(usage);
    process.exit(0);
  }
  const { lines, errors, exitCode } = describeReport(await run(command), command.action);
  for (const line of lines) console.log(line);
  for (const error of errors) console.error(error);
  process.exit(exitCode);
} catch (error) {
  for (const missed of toTell) console.error(`! ${missed}`);
  console.error(`topology: ${error instanceof Error ? error.message : String(error)}; --help says what there is`);
  process.exit(1);
}

/** `npm run events`: takes new and wider event schemas into the baseline; refuses what would break stored events. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Baseline, checkBaseline, extendBaseline } from './checkBaseline.ts';
import { allEvents } from './definitions.ts';

const file = new URL('./baseline.json', import.meta.url);
const baseline: Baseline = JSON.parse(readFileSync(file, 'utf8'));
const findings = checkBaseline(allEvents, baseline);
const breaking = findings.filter(({ kind }) => kind === 'breaking');
for (const { kind, message } of breaking.length > 0 ? breaking : findings) console.log(`${kind}: ${message}`);
if (breaking.length > 0) process.exit(1);
writeFileSync(file, `${JSON.stringify(extendBaseline(allEvents, baseline), undefined, 2)}\n`);

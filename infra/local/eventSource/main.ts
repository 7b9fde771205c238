/**
 * The event source as a program: `RABBITMQ_URL`, `LAMBDA_URL`, and the mappings as JSON in `EVENT_SOURCE_MAPPINGS`, as
 * the plugin reports them; `BATCH_WINDOW_MS` cuts their windows. `HOSTILE_SEED` makes it hostile: a number, or `random`.
 */
import { runProgram } from '../program.ts';
import { startEventSource } from './eventSource.ts';
import type { EventSourceMapping } from './mapping.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
};

function readSeed(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const seed = text === 'random' ? Math.floor(Math.random() * 1_000_000) : Number(text);
  if (!Number.isSafeInteger(seed)) throw new Error(`HOSTILE_SEED is "${text}", expected a whole number or "random"`);
  return seed;
}

await runProgram('event source', async () => {
  const mappings: readonly EventSourceMapping[] = JSON.parse(required('EVENT_SOURCE_MAPPINGS'));
  const windowMs = process.env['BATCH_WINDOW_MS'];
  const seed = readSeed(process.env['HOSTILE_SEED']);
  if (seed !== undefined) console.error(`hostile: HOSTILE_SEED=${seed} does the same again`);
  return startEventSource({
    mappings,
    brokerUrl: required('RABBITMQ_URL'),
    lambdaUrl: required('LAMBDA_URL'),
    ...(windowMs ? { maxWindowMs: Number(windowMs) } : {}),
    ...(seed === undefined ? {} : { hostile: { seed } }),
  });
});

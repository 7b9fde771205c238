/**
 * The event source as a program: `RABBITMQ_URL`, `LAMBDA_URL`, and the mappings as JSON in `EVENT_SOURCE_MAPPINGS`, as
 * the plugin reports them; `BATCH_WINDOW_MS` cuts their windows.
 */
import { runProgram } from '../program.ts';
import { startEventSource } from './eventSource.ts';
import type { EventSourceMapping } from './mapping.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
};

await runProgram('event source', async () => {
  const mappings: readonly EventSourceMapping[] = JSON.parse(required('EVENT_SOURCE_MAPPINGS'));
  const windowMs = process.env['BATCH_WINDOW_MS'];
  return startEventSource({
    mappings,
    brokerUrl: required('RABBITMQ_URL'),
    lambdaUrl: required('LAMBDA_URL'),
    ...(windowMs ? { maxWindowMs: Number(windowMs) } : {}),
  });
});

/**
 * The event source as a program: `RABBITMQ_URL`, `LAMBDA_URL`, and the mappings as JSON in `EVENT_SOURCE_MAPPINGS`, as
 * the plugin reports them; `BATCH_WINDOW_MS` cuts their windows. `HOSTILE_SEED` makes it hostile: a number, or `random`.
 * Its lines are log lines; a queue that is gone goes to the parent besides, as a `QueueGone`.
 */
import { createLogger } from '../../../shared/observe/logger.ts';
import { runProgram } from '../program.ts';
import { startEventSource } from './eventSource.ts';
import { readHostileSeed } from './hostileSeed.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { QueueGone } from './queueGone.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
};

const logger = createLogger('event source');

await runProgram('event source', async () => {
  const mappings: readonly EventSourceMapping[] = JSON.parse(required('EVENT_SOURCE_MAPPINGS'));
  const windowMs = process.env['BATCH_WINDOW_MS'];
  const seed = readHostileSeed(process.env['HOSTILE_SEED']);
  if (seed !== undefined) logger.warn(`hostile: HOSTILE_SEED=${seed} does the same again`);
  return startEventSource({
    mappings,
    brokerUrl: required('RABBITMQ_URL'),
    lambdaUrl: required('LAMBDA_URL'),
    report: (line, error) => (error === undefined ? logger.warn(line) : logger.error(line, error)),
    onGone: (queueGone) => void process.send?.({ queueGone } satisfies QueueGone),
    ...(windowMs ? { maxWindowMs: Number(windowMs) } : {}),
    ...(seed === undefined ? {} : { hostile: { seed } }),
  });
});

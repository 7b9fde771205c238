import { expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';

/** The lines that `work` writes to standard output and standard error. */
function capture(work: () => void): readonly Record<string, unknown>[] {
  const written: string[] = [];
  const { stdout, stderr } = process;
  const originals = [stdout.write, stderr.write] as const;
  const take = (chunk: unknown): boolean => written.push(String(chunk)) > 0;
  stdout.write = take as typeof stdout.write;
  stderr.write = take as typeof stderr.write;
  try {
    work();
  } finally {
    [stdout.write, stderr.write] = originals;
  }
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line says what it was given, and no more than level, time and service besides', () => {
  const logger = createLogger('placeOrder');
  const [line] = capture(() => logger.info('event appended', { stream: 'order-1', revision: 3n, durationMs: 1.5 }));
  expect(line).toEqual({
    level: 'INFO',
    message: 'event appended',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'placeOrder',
    stream: 'order-1',
    revision: 3,
    durationMs: 1.5,
  });
});

test('an error line has its name, message and stack', () => {
  const logger = createLogger('placeOrder');
  const [line] = capture(() => logger.error('request failed', new TypeError('no'), { code: 'http/defect' }));
  expect(line).toMatchObject({
    level: 'ERROR',
    code: 'http/defect',
    error: { name: 'TypeError', message: 'no', stack: expect.stringContaining('logger.test.ts') },
  });
});

test('what is below its level is not written', () => {
  const logger = createLogger('placeOrder', 'WARN');
  const lines = capture(() => {
    logger.debug('no');
    logger.info('no');
    logger.warn('yes');
  });
  expect(lines).toMatchObject([{ message: 'yes' }]);
});

import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { currentLogFields, type LogFields } from './correlation.ts';

export type { LogFields } from './correlation.ts';

/** One JSON line a call. Never personal data, tokens, bodies or addresses with credentials. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, error: unknown, fields?: LogFields): void;
}

/** @param service the function's or program's name, on every line */
export function createLogger(service: string, level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' = 'INFO'): Logger {
  const powertools = new Powertools({
    serviceName: service,
    logLevel: level,
    jsonReplacerFn: (_, value) => (typeof value === 'bigint' ? Number(value) : value),
  });
  return {
    debug: (message, fields) => powertools.debug(message, { ...currentLogFields(), ...fields }),
    info: (message, fields) => powertools.info(message, { ...currentLogFields(), ...fields }),
    warn: (message, fields) => powertools.warn(message, { ...currentLogFields(), ...fields }),
    error: (message, error, fields) =>
      powertools.error(message, {
        ...currentLogFields(),
        ...fields,
        error: error instanceof Error ? error : String(error),
      }),
  };
}

/** Says nothing: for tests of what is not about logs. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

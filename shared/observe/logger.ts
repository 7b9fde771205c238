import { LogFormatter, LogItem, Logger as Powertools } from '@aws-lambda-powertools/logger';
import { currentLogFields, type LogFields } from './correlation.ts';
import { mapStack } from './stackTrace.ts';

export type { LogFields } from './correlation.ts';

/** One JSON line a call. Never personal data, tokens, bodies or addresses with credentials. */
export interface Logger {
  /** Whether `debug` writes anything: for what is too dear to prepare a million times for nothing. */
  readonly isDebug?: boolean;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, error: unknown, fields?: LogFields): void;
}

/** The error itself, with a trace that names our own source. */
function withMappedStack(error: Error): Error {
  if (error.stack !== undefined) error.stack = mapStack(error.stack);
  return error;
}

type Attributes = Parameters<LogFormatter['formatAttributes']>;

/** What every line has, without the Powertools' own fields for what is not used here (sampling, the Lambda context). */
class LineFormatter extends LogFormatter {
  formatAttributes(
    ...[{ logLevel: level, message, timestamp, serviceName, xRayTraceId }, fields]: Attributes
  ): LogItem {
    const attributes = {
      level,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      xray_trace_id: xRayTraceId,
    };
    return new LogItem({ attributes }).addAttributes(fields);
  }
}

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LogLevel = (typeof logLevels)[number];

/** @param service the function's or program's name, on every line */
export function createLogger(service: string, level: LogLevel = 'INFO'): Logger {
  const powertools = new Powertools({
    serviceName: service,
    logLevel: level,
    logFormatter: new LineFormatter(),
    jsonReplacerFn: (_, value) => (typeof value === 'bigint' ? Number(value) : value),
  });
  return {
    isDebug: level === 'DEBUG',
    debug: (message, fields) => powertools.debug(message, { ...currentLogFields(), ...fields }),
    info: (message, fields) => powertools.info(message, { ...currentLogFields(), ...fields }),
    warn: (message, fields) => powertools.warn(message, { ...currentLogFields(), ...fields }),
    error: (message, error, fields) =>
      powertools.error(message, {
        ...currentLogFields(),
        ...fields,
        error: error instanceof Error ? withMappedStack(error) : String(error),
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

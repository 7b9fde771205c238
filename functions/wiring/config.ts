import { parseConfig } from '../../shared/config/env.ts';
import { createLogger, type Logger } from '../../shared/observe/logger.ts';

/** The only place that reads the environment. @throws Fault config/invalid naming every missing setting */
export const configOf = <Name extends string>(...names: readonly Name[]): Readonly<Record<Name, string>> =>
  parseConfig(process.env, names);

/** Settings that may be missing: without an endpoint the AWS SDK finds the real service. */
export const dynamoEndpoint = (): string | undefined => process.env['DYNAMODB_ENDPOINT'] || undefined;

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** `LOG_LEVEL` DEBUG, INFO (unless given), WARN or ERROR. */
export const loggerFor = (service: string): Logger =>
  createLogger(service, levels.find((level) => level === process.env['LOG_LEVEL']) ?? 'INFO');

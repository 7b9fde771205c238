import { parseConfig } from '../../shared/config/env.ts';
import { Fault } from '../../shared/kernel/fault.ts';
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

/** `HEALTH_PORT`: where an always-on relay answers how it is doing; without one it does not. */
export function healthPort(): number | undefined {
  const text = process.env['HEALTH_PORT'];
  if (!text) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Fault('config/invalid', `HEALTH_PORT is "${text}", expected a port number`);
  }
  return port;
}

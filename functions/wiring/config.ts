import { parseCertificates } from '../../shared/config/certificates.ts';
import { parseConfig, parseLogLevel } from '../../shared/config/env.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import { createLogger, type Logger } from '../../shared/observe/logger.ts';
import { createMetrics, type Metrics } from '../../shared/observe/metrics.ts';

/** The only place that reads the environment. @throws Fault config/invalid naming every missing setting */
export const configOf = <Name extends string>(...names: readonly Name[]): Readonly<Record<Name, string>> =>
  parseConfig(process.env, names);

/** One that may be missing; an empty one counts as missing. */
export const settingOf = (name: string): string | undefined => process.env[name] || undefined;

/** Settings that may be missing: without an endpoint the AWS SDK finds the real service. */
export const dynamoEndpoint = (): string | undefined => process.env['DYNAMODB_ENDPOINT'] || undefined;

/** `EVENTSTORE_CA`: who signed the event store's certificates, in PEM; without one, a CA that Node.js knows. */
export function eventStoreCa(): string | undefined {
  const text = settingOf('EVENTSTORE_CA');
  return text === undefined ? undefined : parseCertificates(text, 'EVENTSTORE_CA');
}

/** How long a payment may stay without an answer before its order is given up, in milliseconds: `PAYMENT_TIMEOUT_MS`. */
export function paymentTimeoutMs(): number {
  const text = process.env['PAYMENT_TIMEOUT_MS'] || '60000';
  const ms = Number(text);
  if (!Number.isSafeInteger(ms) || ms < 1) {
    throw new Fault('config/invalid', `PAYMENT_TIMEOUT_MS is "${text}", expected milliseconds, at least 1`);
  }
  return ms;
}

/** Where Stripe's API is spoken, if not at Stripe. */
export const stripeUrl = (): string | undefined => process.env['STRIPE_URL'] || undefined;

export const sesEndpoint = (): string | undefined => process.env['SES_ENDPOINT'] || undefined;

/** `LOG_LEVEL` DEBUG, INFO (unless given), WARN or ERROR. @throws Fault config/invalid for any other */
export const loggerFor = (service: string): Logger => createLogger(service, parseLogLevel(process.env['LOG_LEVEL']));

/** In the namespace `METRICS_NAMESPACE`. */
export const metricsFor = (service: string, dimensions?: Readonly<Record<string, string>>): Metrics =>
  createMetrics(service, settingOf('METRICS_NAMESPACE'), dimensions);

/** A consumer's figures, whoever tells them. */
export const consumerMetrics = (consumer: string): Metrics => metricsFor('consumer', { consumer });

/** A whole number from the environment; undefined when it is not set. */
function wholeNumber(name: string, least: number, most: number): number | undefined {
  const text = process.env[name];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Fault('config/invalid', `${name} is "${text}", expected a whole number from ${least} to ${most}`);
}

/** `HEALTH_PORT`: where an always-on relay answers how it is doing; without one it does not. */
export const healthPort = (): number | undefined => wholeNumber('HEALTH_PORT', 0, 65_535);

/** `RELAY_TAKE_OVER_MS`: how long a relay's lease may stand still before another takes it. 5 s unless given. */
export const leaseTakeOverMs = (): number => wholeNumber('RELAY_TAKE_OVER_MS', 500, 60_000) ?? 5_000;

import { Fault } from '../kernel/fault.ts';

/** As Lambda's mapping expects it in a secret. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * @param text `{"username": "...", "password": "..."}`
 * @param name of the secret, for the fault
 * @throws Fault secrets/unavailable, without a word of what it holds
 */
export function parseCredentials(text: string, name: string): Credentials {
  const { username, password } = (parseJson(text) ?? {}) as Readonly<Record<string, unknown>>;
  if (isFilled(username) && isFilled(password)) return { username, password };
  throw new Fault('secrets/unavailable', `secret '${name}' is not {"username": "...", "password": "..."}`);
}

/** The address of a broker with the credentials in it. @param endpoint amqp[s]://host[:port] */
export function toBrokerUrl(endpoint: string, vhost: string, { username, password }: Credentials): string {
  const url = new URL(endpoint);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(vhost)}`;
  return url.href;
}

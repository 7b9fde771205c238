import * as z from 'zod';
import { Fault } from '../kernel/fault.ts';

/** As Lambda's mapping expects it in a secret. */
const credentials = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ username: z.string().min(1), password: z.string().min(1) }));

export type Credentials = z.infer<typeof credentials>;

/**
 * @param text `{"username": "...", "password": "..."}`
 * @param name of the secret, for the fault
 * @throws Fault secrets/unavailable, without a word of what it holds
 */
export function parseCredentials(text: string, name: string): Credentials {
  const parsed = credentials.safeParse(text);
  if (parsed.success) return parsed.data;
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

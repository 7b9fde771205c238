import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { Fault } from '../kernel/fault.ts';

/** How long a value is used before it is asked for again, seconds: what was rotated is taken up by the next connection after it. */
const maxAgeS = 60;

const provider = new SecretsProvider({
  clientConfig: {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  },
});

/**
 * A secret's text out of AWS Secrets Manager, at most a minute old.
 *
 * @param id name or ARN
 * @throws Fault secrets/unavailable
 */
export async function readAwsSecret(id: string): Promise<string> {
  const text = await provider.get(id, { maxAge: maxAgeS }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('secrets/unavailable', `secret '${id}': ${reason}`, error);
  });
  if (typeof text !== 'string' || text === '') throw new Fault('secrets/unavailable', `secret '${id}' has no text`);
  return text;
}

import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { Fault } from '../kernel/fault.ts';
import type { Freezes } from '../kernel/freezes.ts';
import { createAwsHttpHandler } from './awsHttpHandler.ts';

/** How long a value is used before it is asked for again, seconds: what was rotated is taken up by the next connection after it. */
const maxAgeS = 60;

interface Options {
  readonly freezes: Freezes;
  /** Without one the SDK finds the real service. */
  readonly endpoint?: string;
}

/** A secret's text by its name or ARN. @throws Fault secrets/unavailable */
export type ReadSecret = (id: string) => Promise<string>;

/** AWS Secrets Manager; a text is at most a minute old. After a freeze it connects anew. */
export function createAwsSecrets({ freezes, endpoint }: Options): ReadSecret {
  const limits = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  const provider = new SecretsProvider({
    clientConfig: {
      ...(endpoint ? { endpoint } : {}),
      maxAttempts: 3,
      requestHandler: createAwsHttpHandler(limits, freezes),
    },
  });
  return async (id) => {
    const text = await provider.get(id, { maxAge: maxAgeS }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Fault('secrets/unavailable', `secret '${id}': ${reason}`, error);
    });
    if (typeof text !== 'string' || text === '') throw new Fault('secrets/unavailable', `secret '${id}' has no text`);
    return text;
  };
}

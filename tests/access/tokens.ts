import { base64url, generateKeyPair, SignJWT } from 'jose';
import type { RunningIssuer } from '../../infra/local/issuer/startIssuer.ts';

/** Every scope there is. */
export const everyScope = 'orders stock ops';

export interface BadToken {
  readonly name: string;
  /** The header's whole value; undefined: no header. */
  readonly authorization: string | undefined;
  readonly code: 'http/no-token' | 'http/invalid-token';
}

/** Every token that must open nothing, though each but for one thing is a good one for everything. */
export async function makeBadTokens(issuer: RunningIssuer): Promise<readonly BadToken[]> {
  const nowS = Math.floor(Date.now() / 1_000);
  const good = { sub: 'c-1', aud: 'waybill', scope: everyScope };
  const whole = { ...good, iss: issuer.url, iat: nowS, exp: nowS + 3_600 };
  const mint = (payload: Readonly<Record<string, unknown>>) => issuer.mint({ payload: { ...good, ...payload } });
  const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));

  const valid = await mint({});
  const [header = '', payload, signature] = valid.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const { privateKey } = await generateKeyPair('RS256');
  const invalid = {
    expired: await mint({ exp: nowS - 60 }),
    'of tomorrow': await mint({ nbf: nowS + 86_400 }),
    'for another audience': await mint({ aud: 'else' }),
    'of another issuer': await mint({ iss: 'https://else.example' }),
    'alg: none': `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(whole)}.`,
    'signed by another key': await new SignJWT(whole).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey),
    'another payload under the signature': `${header}.${encode({ ...whole, sub: 'c-2' })}.${signature}`,
    'without a signature': `${header}.${payload}.`,
    garbage: 'garbage',
  };
  return [
    { name: 'none', authorization: undefined, code: 'http/no-token' },
    { name: 'not Bearer', authorization: `Basic ${valid}`, code: 'http/invalid-token' },
    ...Object.entries(invalid).map(([name, token]) => ({
      name,
      authorization: `Bearer ${token}`,
      code: 'http/invalid-token' as const,
    })),
  ];
}

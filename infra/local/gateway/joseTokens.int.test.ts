import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type RunningIssuer, startIssuer } from '../issuer/startIssuer.ts';
import { createJoseTokens, type VerifyToken } from './joseTokens.ts';

let issuer: RunningIssuer;
let verify: VerifyToken;
const good = { sub: 'c-1', aud: 'waybill', scope: 'orders stock' };
const nowS = (): number => Math.floor(Date.now() / 1_000);

beforeAll(async () => {
  issuer = await startIssuer();
  verify = createJoseTokens({ issuer: issuer.url, audience: 'waybill' });
});
afterAll(() => issuer?.stop());

const caller = (...scopes: readonly string[]) => ({
  outcome: 'valid',
  caller: { customerId: 'c-1', scopes: new Set(scopes) },
});

describe('a token that holds', () => {
  test.each([
    ['scopes as words', good, ['orders', 'stock']],
    ['scopes as a list in scp', { ...good, scope: undefined, scp: ['orders', 'ops'] }, ['orders', 'ops']],
    ['no scope', { ...good, scope: undefined }, []],
    ['several audiences', { ...good, aud: ['else', 'waybill'] }, ['orders', 'stock']],
    [
      'no audience, and ours as the client, as Amazon Cognito has it',
      { ...good, aud: undefined, client_id: 'waybill' },
      ['orders', 'stock'],
    ],
    ['an end a second ago, for clocks differ', { ...good, exp: nowS() - 1 }, ['orders', 'stock']],
  ])('with %s', async (_, payload, scopes) => {
    expect(await verify(await issuer.mint({ payload }))).toEqual(caller(...scopes));
  });
});

describe('a token that does not hold', () => {
  test.each([
    ['has expired', { ...good, exp: nowS() - 60 }],
    ['has a wrong nbf', { ...good, nbf: nowS() + 60 }],
    ['is for another audience', { ...good, aud: 'else' }],
    ['is for another audience', { ...good, aud: 'else', client_id: 'waybill' }],
    ['is for another audience', { ...good, aud: undefined }],
    ['is of another issuer', { ...good, iss: 'https://else.example' }],
    ['has no exp', { ...good, exp: undefined }],
    ['has no sub', { ...good, sub: undefined }],
    ['has claims of a wrong form', { ...good, sub: 'a b' }],
    ['has claims of a wrong form', { ...good, scope: 7 }],
  ])('%s: %j', async (reason, payload) => {
    expect(await verify(await issuer.mint({ payload }))).toEqual({ outcome: 'invalid', reason });
  });

  test.each(['', 'x', 'a.b.c', '..', 'é', '{}', 'a'.repeat(9_000)])('is none: %s', async (token) => {
    expect(await verify(token)).toEqual({ outcome: 'invalid', reason: 'is no JWT' });
  });

  test('is changed after it was signed', async () => {
    const [header, , signature] = (await issuer.mint({ payload: good })).split('.');
    const payload = base64url.encode(JSON.stringify({ ...good, iss: issuer.url, exp: nowS() + 60, scope: 'ops' }));
    const reason = 'is not signed by its issuer';
    expect(await verify(`${header}.${payload}.${signature}`)).toEqual({ outcome: 'invalid', reason });
  });

  test('says alg: none', async () => {
    const [, payload] = (await issuer.mint({ payload: good })).split('.');
    const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'JWT' }));
    for (const signature of ['', 'x'])
      expect(await verify(`${header}.${payload}.${signature}`)).toMatchObject({ outcome: 'invalid' });
  });

  test('is signed by another key, with a key id of the issuer’s or not', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const [first = ''] = (await issuer.mint({ payload: good })).split('.');
    const { kid } = JSON.parse(new TextDecoder().decode(base64url.decode(first))) as { kid: string };
    for (const id of [kid, 'another']) {
      const forged = new SignJWT({ ...good, iss: issuer.url, exp: nowS() + 60 });
      const token = await forged.setProtectedHeader({ alg: 'RS256', kid: id }).sign(privateKey);
      expect(await verify(token)).toEqual({ outcome: 'invalid', reason: 'is not signed by its issuer' });
    }
  });

  test('is signed with the public key as a shared secret', async () => {
    const { jwks_uri: url } = (await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json()) as {
      jwks_uri: string;
    };
    const { keys } = (await (await fetch(url)).json()) as { keys: readonly { kid: string }[] };
    const secret = new TextEncoder().encode(JSON.stringify(keys[0]));
    const forged = new SignJWT({ ...good, iss: issuer.url, exp: nowS() + 60 });
    const token = await forged.setProtectedHeader({ alg: 'HS256', kid: keys[0]?.kid ?? '' }).sign(secret);
    expect(await verify(token)).toEqual({ outcome: 'invalid', reason: 'is not signed with RSA' });
  });

  test('brings its own key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const forged = new SignJWT({ ...good, iss: issuer.url, exp: nowS() + 60 });
    const jwk = await exportJWK(publicKey);
    const token = await forged.setProtectedHeader({ alg: 'RS256', kid: 'own', jwk }).sign(privateKey);
    expect(await verify(token)).toEqual({ outcome: 'invalid', reason: 'is not signed by its issuer' });
  });
});

test('keys are fetched once for many tokens', async () => {
  const verifyAfresh = createJoseTokens({ issuer: issuer.url, audience: 'waybill' });
  const token = await issuer.mint({ payload: good });
  await verifyAfresh(token);
  const running = issuer;
  await running.stop();
  expect(await verifyAfresh(token)).toEqual(caller('orders', 'stock'));
  issuer = await startIssuer({ port: Number(new URL(running.url).port) });
});

test('an issuer that is started in the same folder again is the same one: its tokens hold', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-issuer-'));
  const first = await startIssuer({ directory });
  const token = await first.mint({ payload: good });
  await first.stop();
  const again = await startIssuer({ directory });
  expect(again.url).toBe(first.url);
  expect(await createJoseTokens({ issuer: again.url, audience: 'waybill' })(token)).toEqual(caller('orders', 'stock'));
  await again.stop();
  rmSync(directory, { recursive: true });
});

test('an issuer that is down is a fault, no refusal; when it is back, its tokens hold', async () => {
  const other = await startIssuer();
  const verifyOther = createJoseTokens({ issuer: other.url, audience: 'waybill' });
  const token = await other.mint({ payload: good });
  await other.stop();
  await expect(verifyOther(token)).rejects.toMatchObject({ code: 'issuer/unavailable', retryable: true });
  const again = await startIssuer({ port: Number(new URL(other.url).port) });
  expect(await verifyOther(await again.mint({ payload: good }))).toEqual(caller('orders', 'stock'));
  await again.stop();
});

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Events, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';

/** What a token says, and its header; of each, what is given takes the place of what it would be. */
export interface TokenContent {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface RunningIssuer extends RunningServer {
  /** A token with exactly these claims besides `iss`, `iat`, `nbf` and `exp` (an hour), signed with the issuer's key. */
  mint(content: TokenContent): Promise<string>;
}

/**
 * Starts an OpenID Connect issuer (oauth2-mock-server) on loopback, with a new RSA key, in memory. It gives a token to
 * whoever asks: `POST /token` with `grant_type=password`, `username` (the token's `sub`) and `scope`. Never for anything but
 * a system on this machine.
 *
 * @param port 0, the default, takes any free one
 * @param audience of tokens that are asked for without another
 */
export async function startIssuer({ port = 0, audience = 'waybill' } = {}): Promise<RunningIssuer> {
  const issuer = new OAuth2Issuer();
  // Made here: the library knows its own `generate`'s key for none inside jest, where objects come from two realms.
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  await issuer.keys.add({ ...(await exportJWK(privateKey)), alg: 'RS256', kid: randomUUID() });
  const service = new OAuth2Service(issuer);
  service.on(Events.BeforeTokenSigning, ({ payload }, { body }) => {
    payload.aud ??= body.aud ?? audience;
  });
  const server = await listen(createServer(service.requestHandler), port);
  issuer.url = server.url;
  return {
    ...server,
    mint: ({ header = {}, payload = {} }) =>
      issuer.buildToken({
        scopesOrTransform: (defaultHeader, defaultPayload) => {
          Object.assign(defaultHeader, header);
          Object.assign(defaultPayload, payload);
        },
      }),
  };
}

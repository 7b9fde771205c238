import { createServer } from 'node:http';
import { Events, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';
import { keepIdentity, makeKey, readIdentity } from './keptKey.ts';

/** What a token says, and its header; of each, what is given takes the place of what it would be. */
export interface TokenContent {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface RunningIssuer extends RunningServer {
  /** A token with exactly these claims besides `iss`, `iat`, `nbf` and `exp` (an hour), signed with the issuer's key. */
  mint(content: TokenContent): Promise<string>;
}

interface Options {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** Keeps the key and the port: an issuer started there again is the same one, and its tokens hold. A new one unless given. */
  readonly directory?: string | undefined;
  /** Of tokens that are asked for without another. */
  readonly audience?: string;
}

/**
 * Starts an OpenID Connect issuer (oauth2-mock-server) on loopback, with an RSA key. It gives a token to
 * whoever asks: `POST /token` with `grant_type=password`, `username` (the token's `sub`) and `scope`. Never for anything but
 * a system on this machine.
 *
 * @throws in one line when the port is taken, or what the folder keeps is damaged
 */
export async function startIssuer({ port = 0, directory, audience = 'waybill' }: Options = {}): Promise<RunningIssuer> {
  const kept = directory === undefined ? undefined : readIdentity(directory);
  const key = kept?.key ?? (await makeKey());
  const issuer = new OAuth2Issuer();
  await issuer.keys.add(key);
  const service = new OAuth2Service(issuer);
  service.on(Events.BeforeTokenSigning, ({ payload }, { body }) => {
    payload.aud ??= body.aud ?? audience;
  });
  const start = (wanted: number): Promise<RunningServer> => listen(createServer(service.requestHandler), wanted);
  const server = port === 0 && kept ? await start(kept.port).catch(() => start(0)) : await start(port);
  issuer.url = server.url;
  if (directory !== undefined) keepIdentity(directory, { key, port: Number(new URL(server.url).port) });
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

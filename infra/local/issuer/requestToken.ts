/** A token could not be had: one line for a person. */
class TokenProblem extends Error {
  override readonly name = 'TokenProblem';
}

export interface TokenRequest {
  readonly customer: string;
  /** Scopes, parted by spaces. */
  readonly scope: string;
}

/**
 * A token for a running system, from the issuer that the system itself names when it is asked without one.
 *
 * @param apiUrl of the HTTP API
 * @throws TokenProblem when no system runs there, or its issuer is none of `npm start`'s
 */
export async function requestToken(apiUrl: string, { customer, scope }: TokenRequest): Promise<string> {
  const refusal = await fetch(new URL('/orders', apiUrl)).catch(() => undefined);
  if (!refusal) throw new TokenProblem(`no system runs at ${apiUrl}: start one with npm start`);
  const [, issuer] = /^Bearer realm="([^"]+)"/.exec(refusal.headers.get('www-authenticate') ?? '') ?? [];
  if (!issuer)
    throw new TokenProblem(`what runs at ${apiUrl} names no issuer of tokens: it is no Waybill of npm start`);
  const body = new URLSearchParams({ grant_type: 'password', username: customer, password: '', scope });
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/token`, { method: 'POST', body }).catch(() => undefined);
  const { access_token: token } = answer?.ok ? ((await answer.json()) as { access_token?: string }) : {};
  if (token) return token;
  throw new TokenProblem(
    `${issuer} gives no token like that: it is not the issuer of npm start; ask it for one its own way`,
  );
}

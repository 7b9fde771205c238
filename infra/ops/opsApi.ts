/** The operators' part of the API. */
export interface OpsApi {
  /** @throws Error in one line when the answer is not a success, or there is none */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** A problem in one line; whatever else an answer may be, as it came. */
function toReason(status: number, text: string): string {
  const { code, detail, errors = [] } = parseProblem(text);
  if (!code) return `${status} ${text}`;
  const fields = errors.map(({ field, message }) => `; ${field}: ${message}`).join('');
  const advice = status === 401 ? '; give one that holds with --token or WAYBILL_TOKEN' : '';
  return `${status} ${code}: ${detail}${fields}${advice}`;
}

interface ProblemAnswer {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

function parseProblem(text: string): ProblemAnswer {
  try {
    return JSON.parse(text) as ProblemAnswer;
  } catch {
    return {};
  }
}

export function createOpsApi(url: string, token: string | undefined): OpsApi {
  const send = async (target: URL, init: RequestInit): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(target, { ...init, headers }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(`${target.origin} does not answer (${cause}): is it running, and is --url right?`);
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${target.pathname}: ${toReason(response.status, text)}`);
    return JSON.parse(text);
  };
  return {
    get(path, query) {
      const target = new URL(path, url);
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
      return send(target, {});
    },
    post: (path, body) => send(new URL(path, url), { method: 'POST', body: JSON.stringify(body) }),
  };
}

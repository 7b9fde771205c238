import { noAnswer } from '../commandLine/noAnswer.ts';

/** The operators' part of the API. */
export interface OpsApi {
  /** @throws Error in one line when the answer is not a success, or there is none */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

/** Of an answer that is not ours, which may be a whole page. */
const maxShown = 200;

/** A problem in one line; whatever other JSON an answer may be, as it came. */
function toReason(status: number, answer: unknown): string {
  const { code, detail, errors = [] } = (answer ?? {}) as ProblemAnswer;
  const fields = errors.map(({ field, message }) => `; ${field}: ${message}`).join('');
  const said = code ? `${code}: ${detail}${fields}` : JSON.stringify(answer).slice(0, maxShown);
  const advice = status === 401 ? '; give one that holds with --token or WAYBILL_TOKEN' : '';
  return `${status} ${said}${advice}`;
}

interface ProblemAnswer {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export function createOpsApi(url: string, token: string | undefined): OpsApi {
  const send = async (target: URL, init: RequestInit): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(target, { ...init, headers }).catch((error: unknown) => {
      throw noAnswer(target.origin, error);
    });
    const doing = `${init.method ?? 'GET'} ${target.pathname}`;
    const text = await response.text();
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      const said = `${response.status} ${text.slice(0, maxShown)}`;
      throw new Error(`${doing}: ${said}: ${target.origin} is no Waybill API: is --url right?`);
    }
    if (!response.ok) throw new Error(`${doing}: ${toReason(response.status, answer)}`);
    return answer;
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

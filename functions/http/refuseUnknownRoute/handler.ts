import { requestCodes } from '../../../shared/http/problem.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { UnknownRequest } from './request.ts';

const maxShown = 100;

/** `{parameter}` stands for one segment, of whatever it may be. */
const fits = (template: string, path: string): boolean => {
  const asked = path.split('/');
  const segments = template.split('/');
  return (
    segments.length === asked.length &&
    segments.every((segment, n) => (segment.startsWith('{') ? asked[n] !== '' : segment === asked[n]))
  );
};

/**
 * `$default`: what no route takes. 405 with the methods that the path has, or 404. A browser's preflight (`OPTIONS`) comes here
 * too, since API Gateway has `$default` take it: it sets its CORS headers on the answer, which has to be a 2xx for whatever path.
 *
 * Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 *
 * @param routes as serverless.yml has them: `GET /orders/{orderId}`
 */
export const createHandler =
  (routes: readonly string[]) =>
  async ({ method, path }: UnknownRequest): Promise<Answer> => {
    const shown = path.slice(0, maxShown);
    const allow = routes.flatMap((route) => {
      const [allowed = '', template = ''] = route.split(' ');
      return fits(template, path) ? [allowed] : [];
    });
    if (method === 'OPTIONS') return reply(204, '', { allow: ['OPTIONS', ...allow].join(', ') });
    if (allow.length === 0) {
      const code = 'http/no-such-route';
      return { problem: { status: requestCodes[code], code, detail: `nothing answers ${method} ${shown}` } };
    }
    const code = 'http/method-not-allowed';
    return {
      problem: {
        status: requestCodes[code],
        code,
        detail: `${shown} takes ${allow.join(', ')}, not ${method}`,
        headers: { allow: allow.join(', ') },
      },
    };
  };

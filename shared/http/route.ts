// Way 1/7: http: request -> command; refuses malformed input and unknown callers before anything is decided
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { durationSince, systemClock } from '../kernel/clock.ts';
import { isFault } from '../kernel/fault.ts';
import { newId } from '../kernel/ids.ts';
import type { LogFields, Logger } from '../observe/logger.ts';
import type { Admit } from './admit.ts';
import type { Caller } from './caller.ts';
import { type HttpEvent, headerOf } from './incoming.ts';
import { BadRequest, defectCode, type Problem, toProblemBody } from './problem.ts';
import type { Reply } from './reply.ts';

/** What every request carries with it through the system. */
export interface RequestContext {
  readonly correlationId: string;
  readonly traceparent?: string;
}

type Result = APIGatewayProxyStructuredResultV2;

/** How long a caller is asked to wait while a part of the system is down, in seconds. */
const retryAfterS = 1;

const validTraceparent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const validCorrelationId = /^[\w.:-]{1,128}$/;

function toContext(event: HttpEvent): RequestContext {
  const correlationId = headerOf(event, 'x-correlation-id') ?? '';
  const traceparent = headerOf(event, 'traceparent') ?? '';
  return {
    correlationId: validCorrelationId.test(correlationId) ? correlationId : newId(),
    ...(validTraceparent.test(traceparent) ? { traceparent } : {}),
  };
}

const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));

const toResult = ({ statusCode, headers, body }: Reply, { correlationId }: RequestContext): Result => {
  const common = {
    // Personal data and stock of this moment: nobody on the way is to keep it.
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-correlation-id': correlationId,
    ...headers,
  };
  // No content has no type either.
  if (statusCode === 204) return { statusCode, headers: common };
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...common },
    // A page is a text as it stands.
    body: typeof body === 'string' ? body : toJson(body),
  };
};

/** What a caller may know of a failure: ours is told by its correlation id alone. */
function toProblem(error: unknown): Problem {
  if (error instanceof BadRequest) {
    const { statusCode: status, code, message: detail, errors, headers } = error;
    return { status, code, detail, headers, ...(errors.length > 0 && { facts: { errors } }) };
  }
  if (isFault(error) && error.retryable) {
    return {
      status: 503,
      code: error.code,
      detail: 'a part of the system does not answer; the same request may be sent again',
    };
  }
  return { status: 500, code: defectCode, detail: 'something is wrong on our side' };
}

const toProblemReply = (problem: Problem, { correlationId }: RequestContext): Reply => ({
  statusCode: problem.status,
  headers: {
    'content-type': 'application/problem+json',
    ...(problem.status === 503 && { 'retry-after': String(retryAfterS) }),
    ...problem.headers,
  },
  body: toProblemBody(problem, correlationId),
});

/** What a handler answers: a reply, or a problem it has found. */
export type Answer = Reply | { readonly problem: Problem; readonly log?: LogFields };

interface Incoming extends APIGatewayProxyEventV2 {
  trace: RequestContext;
  startedMs: number;
}

/** What is the same for every request: its correlation, its one log line, problems, API Gateway's form. */
function answering(logger: Logger): middy.MiddlewareObj<Incoming, Answer | Result> {
  const finish = ({ trace, startedMs, routeKey }: Incoming, reply: Reply, log?: LogFields): Result => {
    const durationMs = durationSince(systemClock, startedMs);
    logger.info('request answered', { ...trace, routeKey, statusCode: reply.statusCode, ...log, durationMs });
    return toResult(reply, trace);
  };
  return {
    before({ event }) {
      event.trace = toContext(event);
      event.startedMs = systemClock.elapsedMs();
    },
    after(request) {
      const { event } = request;
      const answer = request.response as Answer;
      const reply = 'problem' in answer ? toProblemReply(answer.problem, event.trace) : answer;
      request.response = finish(event, reply, answer.log);
    },
    onError(request) {
      const { event, error } = request;
      const problem = toProblem(error);
      if (problem.status >= 500) logger.error('request failed', error, { ...event.trace, code: problem.code });
      request.response = finish(event, toProblemReply(problem, event.trace));
    },
  };
}

/**
 * A Lambda handler for API Gateway's HTTP API, payload 2.0: admits, parses, handles, and answers every failure as a problem.
 *
 * @param parse makes the request out of the event and of who sent it, or throws BadRequest
 */
export const route = <Request>(
  logger: Logger,
  admit: Admit,
  parse: (event: HttpEvent, caller: Caller) => Request,
  handle: (request: Request, context: RequestContext) => Promise<Answer>,
) =>
  middy<Incoming, Answer | Result>()
    .use(answering(logger))
    .handler(async (event) => handle(parse(event, await admit(event)), event.trace));

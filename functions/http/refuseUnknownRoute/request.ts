import type { HttpEvent } from '../../../shared/http/incoming.ts';

export interface UnknownRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
}

export const parseRequest = ({ rawPath, requestContext }: HttpEvent): UnknownRequest => ({
  method: requestContext.http.method,
  path: rawPath,
});

/** Conditional requests (RFC 9110, section 13) on what has a revision: its entity tag is the revision in quotes. */
import * as z from 'zod/mini';
import { type HttpEvent, headerOf } from './incoming.ts';
import { parseParameters } from './request.ts';

export const toETag = (revision: bigint): string => `"${revision}"`;

export interface Precondition {
  takes(revision: bigint): boolean;
}

const entityTag = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;

/** `*`, or entity tags; a weak one matches nothing, as the RFC has it for If-Match. */
export const ifMatch = z.pipe(
  z
    .string()
    .check(
      z.maxLength(500, { abort: true }),
      z.regex(new RegExp(`^(\\*|${entityTag}(\\s*,\\s*${entityTag})*)$`), 'expected * or entity tags such as "3"'),
    ),
  z.transform((text): Precondition => {
    const tags = text.split(',').map((tag) => tag.trim());
    return { takes: (revision) => text === '*' || tags.includes(toETag(revision)) };
  }),
);

/** @throws BadRequest when `If-Match` is there and is none */
export const parseIfMatch = (event: HttpEvent): Precondition | undefined =>
  parseParameters({ 'If-Match': headerOf(event, 'if-match') }, z.object({ 'If-Match': z.optional(ifMatch) }))[
    'If-Match'
  ];

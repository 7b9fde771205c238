import * as z from 'zod/mini';

/**
 * One line of print, at most so many characters, not of blanks alone. No control characters, lone surrogates, line or paragraph
 * separators, nor what turns the direction of print: mails and labels would take them for more than text.
 *
 * What is too long is not looked at any further, and the pattern goes over the rest once.
 */
export const textLine = (maxLength: number) =>
  z
    .string()
    .check(
      z.maxLength(maxLength, { abort: true }),
      z.regex(/^(?!\s*$)[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u, 'expected text in one line'),
    );

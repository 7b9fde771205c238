import * as z from 'zod/mini';

/**
 * Why a provider declines: its code, or `declined` for whatever else it says. A free text may repeat what the provider was asked,
 * a name and an address, and would stand in an event for ever, unsealed.
 */
export const declineCode = z.catch(z.string().check(z.regex(/^[a-z0-9_-]{1,64}$/)), 'declined');

/** What a provider names something by. It is kept for ever, in events and rows. */
export const providerId = z.string().check(z.minLength(1), z.maxLength(200));

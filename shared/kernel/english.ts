import en from 'zod/v4/locales/en.js';

/**
 * For a schema's `parse` and `safeParse`, wherever somebody reads what is wrong: zod's own words for it. zod/mini has none by
 * itself and would say "Invalid input" to everything.
 */
export const english = { error: en().localeError };

/**
 * What is shown in the place of personal data whose key was destroyed; stored as well where there never was any, in what
 * was written before recipients were.
 */
export const erased = 'erased';
export type Erased = typeof erased;

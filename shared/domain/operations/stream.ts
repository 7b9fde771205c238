/** The category of what operators did about dead letters. */
export const remedyCategory = 'remedy';

export const remedyStream = (deadLetterId: string): string => `${remedyCategory}-${deadLetterId}`;

/** The category of what operators did about dead letters. */
const remedyCategory = 'remedy';

export const remedyStream = (deadLetterId: string): string => `${remedyCategory}-${deadLetterId}`;

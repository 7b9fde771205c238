/** The framework fills in both. */
export const stage = `\${self:service}-\${sls:stage}`;

/** As everything of a stage is named in the account. */
export const inStage = (what: string): string => `${stage}-${what}`;

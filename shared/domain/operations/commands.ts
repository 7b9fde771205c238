interface Remedy {
  readonly consumer: string;
  readonly deadLetterId: string;
  readonly failedAt: string;
  readonly cause: string;
  readonly by: string;
}

export type RemedyCommand =
  | (Remedy & { readonly type: 'RedriveDeadLetter' })
  | (Remedy & { readonly type: 'DiscardDeadLetter'; readonly reason: string });

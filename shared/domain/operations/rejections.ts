/** Somebody was faster, and decided otherwise. */
export interface RemedyRejection {
  readonly code: 'dead-letter/remedied-otherwise';
  readonly by: string;
}

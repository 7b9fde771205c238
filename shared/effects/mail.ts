/** A mail in plain text to one customer. */
export interface Mail {
  /** Id of the event that it is about. */
  readonly eventId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * Hands a mail to the mail service. The service knows no idempotency key: a repeat is another mail, so whoever sends
 * claims it first (claims.ts).
 *
 * @throws Fault mail/unavailable: it was probably not taken, and in a time-out it may have been; mail/refused
 */
export type SendMail = (mail: Mail) => Promise<void>;

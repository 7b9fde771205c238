import type { Mail, SendMail } from '../../shared/effects/mail.ts';
import type { ParcelAnswer, SendParcel } from '../../shared/effects/parcels.ts';
import type { Hazard } from './hazard.ts';

/** A carrier in memory: once per key, declining whatever is bulky. */
export function createCarrier() {
  const answers = new Map<string, ParcelAnswer>();
  const taken: string[] = [];
  return {
    taken,
    behind:
      (hazard: () => Hazard): SendParcel =>
      ({ key, orderId, lines }) =>
        hazard().meet('parcels/unavailable', async () => {
          const known = answers.get(key);
          if (known) return known;
          const isBulky = lines.some(({ sku }) => sku === 'bulky');
          if (!isBulky) taken.push(orderId);
          const answer: ParcelAnswer = isBulky
            ? { status: 'declined', reason: 'too-large' }
            : { status: 'taken', carrier: 'simulated', trackingNumber: orderId };
          answers.set(key, answer);
          return answer;
        }),
  };
}

/** A mail service in memory, which knows no key: every call is a mail. */
export function createMailbox() {
  const mails: Mail[] = [];
  return {
    mails,
    behind:
      (hazard: () => Hazard): SendMail =>
      (mail) =>
        hazard().meet('mail/unavailable', async () => void mails.push(mail)),
  };
}

import { describe, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { remedyDecider } from './index.ts';

const { given } = specification(remedyDecider);

const failed = {
  consumer: 'payments',
  deadLetterId: 'payments/fulfilment-1@4',
  failedAt: '2026-11-23T10:00:00.000Z',
  cause: 'payments/refused on PaymentCaptureRequested',
  by: 'ada',
};
const redrive = { type: 'RedriveDeadLetter', ...failed } as const;
const discard = { type: 'DiscardDeadLetter', ...failed, reason: 'a test order' } as const;
const redriven = { type: 'DeadLetterRedriven', data: failed } as const;
const discarded = { type: 'DeadLetterDiscarded', data: { ...failed, reason: 'a test order' } } as const;

describe('a dead letter', () => {
  test('is redriven, and it is known by whom', () => given().when(redrive).then(redriven));
  test('is discarded with a reason', () => given().when(discard).then(discarded));
  test('is redriven once: twice is once, whoever asks', () =>
    given(redriven)
      .when({ ...redrive, by: 'grace' })
      .thenNothing());
  test('is discarded once', () => given(discarded).when(discard).thenNothing());
  test('that was redriven is not discarded as well', () =>
    given(redriven).when(discard).thenRejected('dead-letter/remedied-otherwise'));
  test('that was discarded is not redriven as well', () =>
    given(discarded).when(redrive).thenRejected('dead-letter/remedied-otherwise'));
  test('of the same event that failed again later is another one', () => {
    const again = { ...failed, failedAt: '2026-11-23T11:00:00.000Z' };
    given(redriven)
      .when({ ...discard, ...again })
      .then({ type: 'DeadLetterDiscarded', data: { ...again, reason: 'a test order' } });
  });
});

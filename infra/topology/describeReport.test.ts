import { expect, test } from '@jest/globals';
import { diffTopology, reconcileTopology } from '../../shared/broker/admin/reconcileTopology.ts';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../shared/testing/appliedBroker.ts';
import { describeReport } from './describeReport.ts';

test('as wanted: a diff says that nothing differs, and ends with 0', async () => {
  const report = await diffTopology(await makeAppliedBroker(1), wantedWith(1), nothingTold);
  expect(describeReport(report, 'diff')).toEqual({ lines: ['nothing differs'], errors: [], exitCode: 0 });
});

test('a queue that has other arguments and stays differs, though nothing is to be done', async () => {
  const admin = await makeAppliedBroker(1);
  await admin.apply({ kind: 'declare-queue', queue: { name: 'payments-dlq', arguments: {} } });
  admin.depths.set('payments-dlq', { messages: 3, consumers: 0 });
  const report = await diffTopology(admin, wantedWith(1), nothingTold);
  const lines = [expect.stringMatching(/^ {2}queue 'payments-dlq' has other arguments/)];
  expect(describeReport(report, 'diff')).toEqual({ lines, errors: [], exitCode: 2 });
  const applied = await reconcileTopology(admin, wantedWith(1), nothingTold);
  expect(describeReport(applied, 'apply')).toEqual({ lines, errors: [], exitCode: 0 });
});

test('messages in unrouted are no drift, and something is to be done', async () => {
  const admin = await makeAppliedBroker(1);
  admin.publish('stock.A.01');
  const report = await diffTopology(admin, wantedWith(1), nothingTold);
  const lines = ['~ queue unrouted: its 1 messages go round again'];
  expect(describeReport(report, 'diff')).toEqual({ lines, errors: [], exitCode: 2 });
});

test('what a consumer missed is for a person, a queue that nobody reads, and what has to be put right by hand', () => {
  const report = {
    lines: [],
    problems: [],
    unread: ["queue 'debug'"],
    missed: ["consumer 'payments'"],
    notes: ['n'],
    drift: 1,
  };
  const lines = ["! consumer 'payments'", "! queue 'debug'", '  n'];
  expect(describeReport(report, 'diff')).toEqual({ lines, errors: [], exitCode: 2 });
  const refused = { ...report, unread: [], missed: [], notes: [], problems: ["exchange 'order-events' is fanout"] };
  const errors = ["! exchange 'order-events' is fanout", 'nothing was changed'];
  expect(describeReport(refused, 'diff')).toEqual({ lines: [], errors, exitCode: 1 });
});

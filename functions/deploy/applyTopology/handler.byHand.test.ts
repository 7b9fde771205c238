import { describe, expect, test } from '@jest/globals';
import { createInMemoryBrokerAdmin } from '../../../shared/broker/admin/inMemoryBrokerAdmin.ts';
import { makeDeployStep, stackRequest } from '../../../shared/testing/deployStepRig.ts';
import { createHandler } from './handler.ts';

/** The handler in an invocation with this much time. */
function makeHandler(...given: Parameters<typeof makeDeployStep>) {
  const step = makeDeployStep(...given);
  const handler = createHandler(step.deps);
  return { ...step, run: (event: unknown) => handler(event, step.invocation) };
}

describe('by hand', () => {
  test('a diff tells what would change and changes nothing; apply does it', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run } = makeHandler(async () => admin);
    const told = await run({ action: 'diff' });
    expect(told?.lines).toContain('+ virtual host');
    expect(admin.applied).toEqual([]);
    expect(await run({ action: 'apply' })).toEqual({ ...told, drift: 0 });
    expect(await run({ action: 'diff' })).toMatchObject({ lines: [] });
  });

  test('what differs is counted, until it is applied', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, drifts } = makeHandler(async () => admin);
    const told = await run({ action: 'diff' });
    await run({ action: 'apply' });
    await run({ action: 'diff' });
    expect(drifts).toEqual([told?.lines.length, 0, 0]);
    expect(drifts[0]).toBeGreaterThan(100);
  });

  test('what has to be put right by hand is counted, applied or not', async () => {
    const exchanges = [{ name: 'order-events', type: 'direct', arguments: {} }];
    const { run, drifts } = makeHandler(async () => createInMemoryBrokerAdmin({ exchanges }));
    await run({ action: 'apply' });
    expect(drifts).toEqual([1]);
  });

  test('queues that nobody reads any more are counted, applied or not, and fail no deployment', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, drifts, answers } = makeHandler(async () => admin);
    await run({ action: 'apply' });
    const args = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'newcomer-dlq' };
    await admin.apply({ kind: 'declare-queue', queue: { name: 'newcomer.0', arguments: args } });
    await admin.apply({ kind: 'bind', binding: { exchange: 'order-events', queue: 'newcomer.0', key: 'order.*.00' } });
    await run({ action: 'diff' });
    await run({ action: 'apply' });
    await run(stackRequest('Update'));
    expect(drifts).toEqual([0, 1, 1, 1]);
    expect(answers[0]?.body).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringMatching(/^0 changes; consumer 'newcomer' .*--retired-consumer newcomer$/),
    });
  });

  test('messages that no queue takes are no drift: measureQueues counts these', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, drifts } = makeHandler(async () => admin);
    await run({ action: 'apply' });
    admin.publish('parcel.Sent.04');
    await run({ action: 'diff' });
    await run({ action: 'apply' });
    expect(drifts).toEqual([0, 0, 0]);
  });

  test('sends nothing round when its time is nearly over, and says so', async () => {
    const admin = createInMemoryBrokerAdmin();
    await makeHandler(async () => admin).run(stackRequest('Create'));
    for (let n = 0; n < 3; n += 1) admin.publish('parcel.Sent.04');
    const { run } = makeHandler(async () => admin, 100_000);
    const report = await run({ action: 'apply' });
    expect(report?.notes).toEqual(["queue 'unrouted' holds 3 messages, and time was over: apply again"]);
    expect(report?.lines).toEqual([]);
  });

  test.each([[{}], [{ action: 'delete' }], [{ action: 'apply', deleteWithMessages: 'all' }], ['diff']])(
    'refuses %j',
    async (event) => {
      const { run } = makeHandler(async () => createInMemoryBrokerAdmin());
      await expect(run(event)).rejects.toMatchObject({ code: 'config/invalid' });
    },
  );
});

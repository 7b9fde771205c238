import { describe, expect, test } from '@jest/globals';
import type { BrokerAdmin } from '../../../shared/broker/admin/brokerAdmin.ts';
import { createInMemoryBrokerAdmin } from '../../../shared/broker/admin/inMemoryBrokerAdmin.ts';
import { consumers } from '../../../shared/broker/topology.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { createHandler } from './handler.ts';

const wanted = {
  consumers: Object.values(consumers),
  credentials: { relay: { username: 'relay', password: 'not a secret' } },
  newSalt: () => Buffer.from([1, 2, 3, 4]),
};
const stackRequest = (RequestType: 'Create' | 'Update' | 'Delete') => ({
  RequestType,
  ResponseURL: 'https://answers.example/1?signature=x',
  StackId: 'stack-1',
  RequestId: 'request-1',
  LogicalResourceId: 'BrokerTopology',
  ResourceType: 'Custom::BrokerTopology',
  ResourceProperties: { ServiceToken: 'arn:x' },
});

/** An invocation with this much time, of which each pause takes its part. */
function makeHandler(connect: () => Promise<BrokerAdmin>, remainingMs = 300_000) {
  let leftMs = remainingMs;
  const answers: { readonly url: string; readonly body: Record<string, unknown> }[] = [];
  const pauses: number[] = [];
  const drifts: number[] = [];
  const handler = createHandler({
    connect,
    readWanted: async () => wanted,
    answer: async (url, body) => {
      answers.push({ url, body: JSON.parse(body) as Record<string, unknown> });
    },
    clock: {
      sleep: async (ms) => {
        leftMs -= ms;
        pauses.push(ms);
      },
    },
    logger: silentLogger,
    metrics: { add: (_, __, value) => void drifts.push(value), flush: () => undefined },
  });
  return {
    run: (event: unknown) => handler(event, { getRemainingTimeInMillis: () => leftMs }),
    answers,
    pauses,
    drifts,
  };
}

describe('as a step of the deployment', () => {
  test.each(['Create', 'Update'] as const)('%s: applies the topology and says so', async (type) => {
    const admin = createInMemoryBrokerAdmin();
    const { run, answers } = makeHandler(async () => admin);
    await run(stackRequest(type));
    expect(answers).toEqual([
      {
        url: 'https://answers.example/1?signature=x',
        body: {
          Status: 'SUCCESS',
          Reason: expect.stringMatching(/^\d+ changes$/),
          PhysicalResourceId: 'broker-topology',
          StackId: 'stack-1',
          RequestId: 'request-1',
          LogicalResourceId: 'BrokerTopology',
        },
      },
    ]);
    expect((await admin.readState()).queues.length).toBeGreaterThan(10);
  });

  test('Delete: takes nothing away', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, answers } = makeHandler(async () => admin);
    await run(stackRequest('Delete'));
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS' });
    expect(admin.applied).toEqual([]);
  });

  test('waits for a broker that does not take connections yet', async () => {
    const admin = createInMemoryBrokerAdmin();
    let tries = 0;
    const { run, answers, pauses } = makeHandler(async () => {
      tries += 1;
      if (tries < 4) throw new Fault('broker/unavailable', 'connection refused');
      return admin;
    });
    await run(stackRequest('Create'));
    expect(pauses).toEqual([10_000, 10_000, 10_000]);
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS' });
  });

  test('says that it failed before its own time is over: the stack rolls back at once', async () => {
    const { run, answers } = makeHandler(async () => {
      throw new Fault('broker/unavailable', 'broker.example:443: connection refused');
    }, 65_000);
    await run(stackRequest('Create'));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'broker.example:443: connection refused' });
  });

  test('fails at once where waiting does not help, with the reason', async () => {
    const { run, answers, pauses } = makeHandler(async () => {
      throw new Fault('broker/refused', 'status 401');
    });
    await run(stackRequest('Update'));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'status 401' });
    expect(pauses).toEqual([]);
  });

  test('fails when something has to be put right by hand', async () => {
    const exchanges = [{ name: 'order-events', type: 'direct', arguments: {} }];
    const { run, answers } = makeHandler(async () => createInMemoryBrokerAdmin({ exchanges }));
    await run(stackRequest('Update'));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('order-events') });
  });

  test("tells nobody a defect's words", async () => {
    const { run, answers } = makeHandler(async () => {
      throw new TypeError('amqps://admin:hunter2@broker');
    });
    await run(stackRequest('Update'));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED' });
    expect(JSON.stringify(answers)).not.toContain('hunter2');
  });
});

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
    await admin.apply({ kind: 'declare-queue', queue: { name: 'newcomer.0', arguments: {} } });
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

  test('messages that no queue takes are no drift: the relay counts these', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, drifts } = makeHandler(async () => admin);
    await run({ action: 'apply' });
    admin.publish('parcel.Sent.04');
    await run({ action: 'diff' });
    await run({ action: 'apply' });
    expect(drifts).toEqual([0, 0, 0]);
  });

  test.each([[{}], [{ action: 'delete' }], [{ action: 'apply', deleteWithMessages: 'all' }], ['diff']])(
    'refuses %j',
    async (event) => {
      const { run } = makeHandler(async () => createInMemoryBrokerAdmin());
      await expect(run(event)).rejects.toMatchObject({ code: 'config/invalid' });
    },
  );
});

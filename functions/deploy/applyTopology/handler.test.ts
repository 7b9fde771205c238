import { describe, expect, test } from '@jest/globals';
import { createInMemoryBrokerAdmin } from '../../../shared/broker/admin/inMemoryBrokerAdmin.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { makeDeployStep, stackRequest } from '../../../shared/testing/deployStepRig.ts';
import { createHandler } from './handler.ts';

/** The handler in an invocation with this much time. */
function makeHandler(...given: Parameters<typeof makeDeployStep>) {
  const step = makeDeployStep(...given);
  const handler = createHandler(step.deps);
  return { ...step, run: (event: unknown) => handler(event, step.invocation) };
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

  test('a consumer that was not told of events fails no deployment: it is told with its success, and in the log', async () => {
    const admin = createInMemoryBrokerAdmin();
    const { run, answers, warnings } = makeHandler(async () => admin);
    await run(stackRequest('Create'));
    expect(warnings).toEqual([]);
    await admin.apply({ kind: 'delete-queue', queue: 'inventory.0' });
    await run(stackRequest('Update'));
    const missed = expect.stringMatching(/^consumer 'inventory' was without a queue for fulfilment .*relay rewind/);
    expect(warnings.map(({ message }) => message)).toEqual(['topology: consumers missed events', 'topology: apply']);
    for (const { fields } of warnings) expect(fields).toMatchObject({ missed: [missed] });
    expect(answers[1]?.body).toMatchObject({
      Status: 'SUCCESS',
      Reason: expect.stringMatching(/^33 changes; consumer 'inventory' was without .*relay rewind to before that$/),
    });
  });

  test('who missed events is told though the broker went away after all was bound, and nothing shows it the next time', async () => {
    const admin = createInMemoryBrokerAdmin();
    await makeHandler(async () => admin).run(stackRequest('Create'));
    await admin.apply({ kind: 'delete-queue', queue: 'inventory.0' });
    // One that is looked at when all is bound.
    await admin.apply({ kind: 'declare-queue', queue: { name: 'inventory.7', arguments: {} } });
    let looks = 0;
    const readDepth = async (queue: string) => {
      if (queue === 'inventory.7') looks += 1;
      if (looks === 1) throw new Fault('broker/unavailable', 'connection reset');
      return admin.readDepth(queue);
    };
    const { run, answers } = makeHandler(async () => ({ ...admin, readDepth }));
    await run(stackRequest('Update'));
    expect(looks).toBeGreaterThan(1);
    const Reason = expect.stringContaining("consumer 'inventory' was without a queue");
    expect(answers[0]?.body).toMatchObject({ Status: 'SUCCESS', Reason });
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

  test('says that it failed in its time, however long the last try takes: a virtual host that hangs', async () => {
    const { run, answers, leftMs } = makeHandler(async (spend) => {
      const apply = async () => {
        // As long as the management interface may take for it.
        spend(60_000);
        throw new Fault('broker/unavailable', 'PUT vhosts: timeout');
      };
      return { ...createInMemoryBrokerAdmin(), apply };
    }, 900_000);
    await run(stackRequest('Create'));
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'PUT vhosts: timeout' });
    // To tell it.
    expect(leftMs()).toBeGreaterThanOrEqual(30_000);
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

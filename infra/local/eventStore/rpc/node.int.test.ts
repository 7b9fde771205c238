import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { startEventStore } from '../startEventStore.ts';
import { openRawCalls, refusalOf } from '../testing/rawCalls.ts';
import { servedTests } from '../testing/servedTests.ts';
import { startProcess } from '../testing/serverProcess.ts';
import { connect, freshName, numbered } from '../testing/subject.ts';
import { map, message, nested, repeated, string, uint32, uint64 } from '../wire/message.ts';
import { CreateReq, StatisticsReq, StatisticsResp } from '../wire/projections.ts';

const PACKAGE = '/event_store.client';
const OPERATIONS = `${PACKAGE}.operations.Operations`;
const NOTHING = Buffer.alloc(0);
const ScavengeResp = message({ scavengeId: string(1), scavengeResult: uint32(2) });
const Features = message({ methods: repeated(nested(1, message({ method: string(1), service: string(2) }))) });

describe('a node', () => {
  const served = servedTests();
  const refused = (path: string, request: Buffer = NOTHING) => refusalOf(served().raw.unary(path, request));

  test('answers what an operator calls', async () => {
    const { raw } = served();
    const { scavengeId, scavengeResult = 0 } = ScavengeResp.decode(
      await raw.unary(`${OPERATIONS}/StartScavenge`, NOTHING),
    );
    expect([scavengeId, scavengeResult]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 0]);
    const StopScavenge = message({ options: nested(1, message({ scavengeId: string(1) })) });
    const { code, metadata } = await refused(
      `${OPERATIONS}/StopScavenge`,
      StopScavenge.encode({ options: { scavengeId: 'x' } }),
    );
    expect([code, metadata.get('exception'), metadata.get('scavenge-id')]).toEqual([5, ['scavenge-not-found'], ['x']]);
    for (const rpc of ['MergeIndexes', 'ResignNode', 'SetNodePriority', 'RestartPersistentSubscriptions']) {
      expect(await raw.unary(`${OPERATIONS}/${rpc}`, NOTHING)).toHaveLength(0);
    }
  });

  test('tells its figures again and again', async () => {
    const StatsReq = message({ refreshTimePeriodInMs: uint64(4) });
    const StatsResp = message({ stats: map(1, string) });
    const path = `${PACKAGE}.monitoring.Monitoring/Stats`;
    const answers = await served().raw.answers(path, StatsReq.encode({ refreshTimePeriodInMs: 1n }), 3);
    for (const answer of answers) {
      expect(Number(StatsResp.decode(answer).stats?.get('es-events'))).toBeGreaterThan(0);
    }
    expect(await refusalOf(served().raw.answers(path, NOTHING))).toMatchObject({ code: 3 });
  });

  test('has no users to manage, and says so beforehand', async () => {
    for (const rpc of [
      'Create',
      'Update',
      'Delete',
      'Disable',
      'Enable',
      'Details',
      'ChangePassword',
      'ResetPassword',
    ]) {
      expect(await refused(`${PACKAGE}.users.Users/${rpc}`)).toMatchObject({ code: 12 });
    }
    const features = await served().raw.unary(`${PACKAGE}.server_features.ServerFeatures/GetSupportedMethods`, NOTHING);
    const { methods = [] } = Features.decode(features);
    expect(methods.filter(({ service }) => service?.includes('users'))).toEqual([]);
    expect(methods).toContainEqual({ method: 'shutdown', service: 'event_store.client.operations.operations' });
  });

  test('tells the figures of projections by mode', async () => {
    const { client, raw } = served();
    await client.createProjection('mine', 'fromAll()');
    const statistics = async (options: object) => {
      const answers = await raw.answers(
        `${PACKAGE}.projections.Projections/Statistics`,
        StatisticsReq.encode({ options }),
      );
      return answers.map((answer) => StatisticsResp.decode(answer).details);
    };
    const create = `${PACKAGE}.projections.Projections/Create`;
    const query = 'fromAll().when({})';
    await raw.unary(create, CreateReq.encode({ options: { transient: { name: 'passing' }, query } }));
    await raw.unary(create, CreateReq.encode({ options: { oneTime: {}, query } }));
    expect(await statistics({ all: {} })).toHaveLength(8);
    expect((await statistics({ continuous: {} })).map((details) => details?.name)).toContain('mine');
    expect(await statistics({ transient: {} })).toMatchObject([{ name: 'passing', mode: 'Transient' }]);
    while ((await statistics({ oneTime: {} }))[0]?.status !== 'Completed');
    const [mine] = await statistics({ name: 'mine' });
    expect(mine).toMatchObject({ status: 'Running', mode: 'Continuous', effectiveName: 'mine' });
    await client.disableProjection('mine');
    expect(await client.getProjectionStatus('mine')).toMatchObject({ projectionStatus: 'Stopped', name: 'mine' });
    await client.abortProjection('mine');
    expect(await client.getProjectionStatus('mine')).toMatchObject({ projectionStatus: 'Aborted' });
  });

  test.each([
    ['discovered by gossip', (port: number) => `esdb+discover://127.0.0.1:${port}?tls=false`],
    [
      'one of several, the first of which is not there',
      (port: number) => `esdb://127.0.0.1:1,127.0.0.1:${port}?tls=false`,
    ],
    ['wanted as a follower', (port: number) => `esdb+discover://127.0.0.1:${port}?tls=false&nodePreference=follower`],
  ])('is found when it is %s', async (_, address) => {
    const client = connect(address(served().server.port));
    expect(await client.appendToStream(freshName(), numbered(1))).toMatchObject({ success: true });
    await client.dispose();
  });
});

describe('a node that is told to shut down', () => {
  test('answers, and stops when it is embedded', async () => {
    const server = await startEventStore();
    const raw = openRawCalls(server.url);
    expect(await raw.unary(`${OPERATIONS}/Shutdown`, NOTHING)).toHaveLength(0);
    raw.close();
    let isOpen = true;
    while (isOpen) {
      const socket = connectSocket(server.port, '127.0.0.1');
      isOpen = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
    }
    await server.stop();
  });

  test('answers, and ends when it is a program', async () => {
    const { url, child } = await startProcess();
    const raw = openRawCalls(url);
    const ended = once(child, 'exit');
    await raw.unary(`${OPERATIONS}/Shutdown`, NOTHING);
    raw.close();
    expect(await ended).toEqual([0, null]);
  });
});

import type { BrokerAdmin } from '../../../shared/broker/admin/brokerAdmin.ts';
import type { WantedTopology } from '../../../shared/broker/admin/planTopology.ts';
import {
  diffTopology,
  reconcileTopology,
  type TopologyReport,
} from '../../../shared/broker/admin/reconcileTopology.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { Fault, isFault } from '../../../shared/kernel/fault.ts';
import type { Logger } from '../../../shared/observe/logger.ts';
import type { Metrics } from '../../../shared/observe/metrics.ts';
import { parseRequest, type StackRequest, type TopologyRequest } from './request.ts';

export interface Deps {
  readonly connect: () => Promise<BrokerAdmin>;
  readonly readWanted: () => Promise<WantedTopology>;
  /** Puts a JSON text to CloudFormation's address; rejects when it is not taken. */
  readonly answer: (url: string, body: string) => Promise<void>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly logger: Logger;
  /** `TopologyDrift`: things that are not as wanted, a nought included. */
  readonly metrics: Metrics;
}

interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** Between two tries while a broker that has only just been made does not take connections yet. */
const pauseMs = 10_000;
/**
 * What one more try may take that ends at its longest call, a virtual host that hangs, and what telling CloudFormation takes.
 * That waits 900 s (ServiceTimeout) for one that says nothing.
 */
const reserveMs = 120_000;
/** CloudFormation takes 4,096 bytes in all. */
const maxReason = 1_000;

/** A deployment is never told to delete what holds messages. */
const byDeployment: TopologyRequest = { action: 'apply', retiredConsumers: [], deleteWithMessages: [] };

/**
 * The deploy step that makes the broker's queues, users and policies as shared/broker/topology.ts has them: inside the
 * network, where the broker can be reached. CloudFormation calls it before it makes the mappings; a person may, too; a
 * schedule has it look each day, since the broker can change by itself: a new version wants other policies.
 */
export const createHandler =
  (deps: Deps) =>
  async (event: unknown, invocation: Invocation): Promise<TopologyReport | undefined> => {
    const { by, request } = parseRequest(event);
    if (by === 'hand') return run(deps, request, invocation);
    // What is on the broker goes with the broker; where that stays, so do its messages.
    if (request.RequestType === 'Delete') return tell(deps, request, 'SUCCESS', 'nothing is taken away');
    try {
      const { lines, problems, missed, unread } = await run(deps, byDeployment, invocation);
      if (problems.length > 0) return await tell(deps, request, 'FAILED', problems.join('; '));
      return await tell(deps, request, 'SUCCESS', [`${lines.length} changes`, ...missed, ...unread].join('; '));
    } catch (error) {
      deps.logger.error('topology not applied', error, { code: isFault(error) ? error.code : 'defect' });
      // A defect's words may hold anything, and this goes to whoever may see the stack.
      return tell(deps, request, 'FAILED', isFault(error) ? error.message : "see this function's log");
    }
  };

async function run(
  { connect, readWanted, clock, logger, metrics }: Deps,
  { action, deleteWithMessages, retiredConsumers }: TopologyRequest,
  invocation: Invocation,
): Promise<TopologyReport> {
  const work = action === 'diff' ? diffTopology : reconcileTopology;
  const hasTime = (): boolean => invocation.getRemainingTimeInMillis() > reserveMs;
  /** Of all tries: what an earlier one has bound shows no more in the next. */
  const told = new Set<string>();
  const onMissed = (missed: readonly string[]): void => {
    logger.warn('topology: consumers missed events', { missed });
    for (const line of missed) told.add(line);
  };
  for (;;) {
    try {
      const wanted = { ...(await readWanted()), retiredConsumers };
      const found = await work(await connect(), wanted, { deleteWithMessages, hasTime, onMissed });
      const report = { ...found, missed: [...new Set([...told, ...found.missed])] };
      const isForSomebody = report.drift > 0 || report.missed.length > 0;
      logger[isForSomebody ? 'warn' : 'info'](`topology: ${action}`, { ...report });
      metrics.add('TopologyDrift', 'Count', report.drift);
      metrics.flush();
      return report;
    } catch (error) {
      const mayWait = invocation.getRemainingTimeInMillis() > reserveMs + pauseMs;
      if (!(error instanceof Fault) || error.code !== 'broker/unavailable' || !mayWait) throw error;
      logger.warn('the broker does not answer yet', { reason: error.message });
      await clock.sleep(pauseMs);
    }
  }
}

async function tell(
  { answer }: Deps,
  { ResponseURL, StackId, RequestId, LogicalResourceId }: StackRequest,
  Status: 'SUCCESS' | 'FAILED',
  reason: string,
): Promise<undefined> {
  const Reason = reason.slice(0, maxReason);
  const PhysicalResourceId = 'broker-topology';
  await answer(
    ResponseURL,
    JSON.stringify({ Status, Reason, PhysicalResourceId, StackId, RequestId, LogicalResourceId }),
  );
}

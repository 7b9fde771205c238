import type { BrokerAdmin } from '../broker/admin/brokerAdmin.ts';
import { consumers } from '../broker/topology.ts';
import { type LogFields, silentLogger } from '../observe/logger.ts';

const wanted = {
  consumers: Object.values(consumers),
  credentials: { relay: { username: 'relay', password: 'not a secret' } },
  newSalt: () => Buffer.from([1, 2, 3, 4]),
};
/** As CloudFormation sends it. */
export const stackRequest = (RequestType: 'Create' | 'Update' | 'Delete') => ({
  RequestType,
  ResponseURL: 'https://answers.example/1?signature=x',
  StackId: 'stack-1',
  RequestId: 'request-1',
  LogicalResourceId: 'BrokerTopology',
  ResourceType: 'Custom::BrokerTopology',
  ResourceProperties: { ServiceToken: 'arn:x' },
});

/** What the deploy step is given: an invocation with this much time, of which each pause takes its part, and what the broker spends. */
export function makeDeployStep(connect: (spend: (ms: number) => void) => Promise<BrokerAdmin>, remainingMs = 300_000) {
  let leftMs = remainingMs;
  const spend = (ms: number): void => {
    leftMs -= ms;
  };
  const answers: { readonly url: string; readonly body: Record<string, unknown> }[] = [];
  const pauses: number[] = [];
  const drifts: number[] = [];
  const warnings: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  const deps = {
    connect: () => connect(spend),
    readWanted: async () => wanted,
    answer: async (url: string, body: string) => {
      answers.push({ url, body: JSON.parse(body) as Record<string, unknown> });
    },
    clock: {
      sleep: async (ms: number) => {
        spend(ms);
        pauses.push(ms);
      },
    },
    logger: {
      ...silentLogger,
      warn: (message: string, fields?: LogFields) => void warnings.push({ message, fields }),
    },
    metrics: { add: (_: string, __: string, value: number) => void drifts.push(value), flush: () => undefined },
  };
  return {
    deps,
    invocation: { getRemainingTimeInMillis: () => leftMs },
    answers,
    pauses,
    drifts,
    warnings,
    leftMs: () => leftMs,
  };
}

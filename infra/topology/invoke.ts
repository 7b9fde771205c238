import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { TopologyReport } from '../../shared/broker/admin/reconcileTopology.ts';
import type { TopologyCommand } from './commandLine.ts';

/** A function that waits for its broker takes as long as it may. */
const timeoutMs = 900_000;

const untold = { missed: [] };

/** Has a deployed function do it. @throws Error with what the function says when it fails */
export async function invoke(
  { action, retiredConsumers, deleteWithMessages }: Omit<TopologyCommand, 'target'>,
  { name, region }: { readonly name: string; readonly region: string | undefined },
): Promise<TopologyReport> {
  const client = new LambdaClient({
    ...(region && { region }),
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs },
  });
  const Payload = JSON.stringify({ action, retiredConsumers, deleteWithMessages });
  const invoked = await client.send(new InvokeCommand({ FunctionName: name, Payload })).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'Region is missing') throw error;
    throw new Error(`in which region is ${name}? --region, or AWS_REGION`);
  });
  const { FunctionError, Payload: answer } = invoked;
  const content: unknown = JSON.parse(answer?.transformToString() || 'null');
  // A function of an older commit does not tell what consumers missed.
  if (FunctionError === undefined) return { ...untold, ...(content as TopologyReport) };
  const { errorMessage = 'no reason given' } = content as { readonly errorMessage?: string };
  throw new Error(`${name}: ${errorMessage}`);
}

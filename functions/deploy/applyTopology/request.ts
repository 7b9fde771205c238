import * as z from 'zod/mini';
import { english, toSentence } from '../../../shared/kernel/english.ts';
import { Fault } from '../../../shared/kernel/fault.ts';

const names = z._default(z.array(z.string().check(z.minLength(1), z.maxLength(255))).check(z.maxLength(100)), []);

/** By hand: `npm run topology -- diff|apply --function <name>` sends it. */
const byHand = z.strictObject({
  action: z.enum(['diff', 'apply']),
  retiredConsumers: names,
  deleteWithMessages: names,
});

/** By CloudFormation, for the resource BrokerTopology. Source: AWS CloudFormation, custom resource request objects. */
const byStack = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
});

export type StackRequest = z.infer<typeof byStack>;
export type TopologyRequest = z.infer<typeof byHand>;

/** @throws Fault config/invalid when it is neither */
export function parseRequest(
  event: unknown,
):
  | { readonly by: 'hand'; readonly request: TopologyRequest }
  | { readonly by: 'stack'; readonly request: StackRequest } {
  const stack = byStack.safeParse(event);
  if (stack.success) return { by: 'stack', request: stack.data };
  const hand = byHand.safeParse(event, english);
  if (hand.success) return { by: 'hand', request: hand.data };
  throw new Fault('config/invalid', `neither of CloudFormation nor {"action": "diff"}: ${toSentence(hand.error)}`);
}

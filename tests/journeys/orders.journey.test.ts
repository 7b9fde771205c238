import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSettings } from '../../infra/local/stack/settings.ts';
import { type Stack, startStack } from '../../infra/local/stack/startStack.ts';
import { type Api, createApi } from './api.ts';
import { createInsight, type Insight } from './insight.ts';
import { expectProof } from './proof.ts';
import { expectEnds, fillShelves, placeOrders, plans } from './twoHundredOrders.ts';

let stack: Stack;
let api: Api;
let insight: Insight;

beforeAll(async () => {
  stack = await startStack({ settings: parseSettings({ PORT: '0' }) });
  api = createApi(stack.url);
  insight = createInsight(stack);
}, 60_000);
afterAll(async () => {
  await insight?.close();
  await stack?.stop();
}, 30_000);

test('200 orders, each sent twice: every one ends as it must, and all of it adds up', async () => {
  await fillShelves(api);
  const placed = await placeOrders(api, 8);
  await insight.untilCompleted(plans.length, 60_000);
  await expectProof(insight, 'never');
  await expectEnds(api, placed);
  const { asked } = await insight.readLedger();
  expect(asked.filter(({ times }) => times > 1)).toEqual([]);
}, 120_000);

import { describe, expect, test } from '@jest/globals';
import { type Step, walkFulfilment } from '../../testing/fulfilmentWalk.ts';
import type { Fulfilment, FulfilmentEvent } from './index.ts';

const walks = [1, 2, 3].map((lineCount) => [lineCount, walkFulfilment(lineCount)] as const);
const keyOf = (fulfilment: Fulfilment): string => JSON.stringify(fulfilment);

/** What is asked for on the way from one state to another; each of it can be answered later. */
const asksFor = (toDo: readonly FulfilmentEvent[], type: FulfilmentEvent['type']): number =>
  toDo.filter((event) => event.type === type).length;

describe.each(walks)('every way an order of %d lines can go', (lineCount, { steps, states, facts }) => {
  const from = Map.groupBy(steps, (step) => keyOf(step.from));

  test('leads to an end from wherever it stands', () => {
    const ending = new Set([keyOf({ status: 'completed' })]);
    for (let before = -1; before !== ending.size; ) {
      before = ending.size;
      for (const step of steps) if (ending.has(keyOf(step.to))) ending.add(keyOf(step.from));
    }
    expect(states.filter((state) => !ending.has(keyOf(state)))).toEqual([]);
  });

  test('never waits for nobody: something that was asked for is still unanswered', () => {
    for (const state of states) {
      if (state.status !== 'active') continue;
      const open = [...state.lines.map(({ status }) => status), state.payment, state.order, state.shipment];
      expect([state, open.some((status) => status.endsWith('requested'))]).toEqual([state, true]);
    }
  });

  test('ends with nothing held: stock given back or gone, money given back or taken', () => {
    const ends = steps.filter(({ toDo }) => asksFor(toDo, 'FulfilmentCompleted') > 0);
    expect(ends.length).toBeGreaterThan(10);
    const last = (step: Step, type: string): boolean => step.fact.type === type;
    for (const step of ends) {
      if (step.from.status !== 'active') throw new Error('ended before it began');
      const { goal, lines, payment } = step.from;
      const answered = lines.map(({ status }) => status).filter((status) => !status.endsWith('requested'));
      const shipped = goal.kind === 'ship';
      for (const status of answered) expect(shipped ? ['dispatched'] : ['released', 'declined']).toContain(status);
      // All but the one that this very answer settles.
      expect(answered.length).toBeGreaterThanOrEqual(lineCount - 1);
      const money = shipped ? ['captured'] : ['open', 'declined', 'voided'];
      const settles = ['PaymentCaptureCompleted', 'PaymentVoidCompleted', 'PaymentAuthorizationDeclined'];
      if (!settles.some((type) => last(step, type))) expect(money).toContain(payment);
    }
  });

  test('asks for each thing once, whatever comes twice', () => {
    for (const { fact, to } of steps) {
      const again = from.get(keyOf(to))?.find((step) => step.fact === fact);
      expect([fact.type, again]).toEqual([fact.type, undefined]);
    }
  });

  test('the customer is told of one end: rejected once at most, and never after a cancellation', () => {
    for (const step of steps) {
      if (asksFor(step.toDo, 'OrderRejectionRequested') === 0) continue;
      expect(step.from).toMatchObject({ goal: { kind: 'ship' } });
      expect(step.to).toMatchObject({ order: 'rejection-requested', goal: { kind: 'reject' } });
    }
  });

  test('every fact changes something somewhere', () => {
    const used = new Set(steps.map(({ fact }) => fact));
    expect(facts.filter((fact) => !used.has(fact))).toEqual([]);
  });
});

import {
  type Fulfilment,
  type FulfilmentEvent,
  type FulfilmentFact,
  fulfilmentDecider,
} from '../domain/orderProcessing/index.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';

/** One step of an order's way: news that changes something, and what has to be done about it. */
export interface Step {
  readonly from: Fulfilment;
  readonly fact: FulfilmentFact;
  readonly toDo: readonly FulfilmentEvent[];
  readonly to: Fulfilment;
}

export interface Walk {
  /** Everything the decider makes of every fact in every state that can be reached, in the order of discovery. */
  readonly steps: readonly Step[];
  readonly states: readonly Fulfilment[];
  /** Facts that were tried in each state. */
  readonly facts: readonly FulfilmentFact[];
}

/** Every fact that an order of these lines can ever be told. */
function everyFact(lineCount: number): readonly FulfilmentFact[] {
  const lines = Array.from({ length: lineCount }, (_, n) => ({ sku: `sku-${n + 1}`, quantity: 1 }));
  const ofOrder = { orderId };
  return [
    { type: 'FulfilmentStarted', data: { ...ofOrder, lines, totalMinor: 2500, currency: 'EUR' } },
    ...lines.flatMap((line): readonly FulfilmentFact[] => [
      { type: 'StockReservationAccepted', data: { ...ofOrder, ...line } },
      { type: 'StockReservationDeclined', data: { ...ofOrder, ...line, available: 0 } },
      { type: 'StockReleaseCompleted', data: { ...ofOrder, ...line } },
      { type: 'StockDispatchCompleted', data: { ...ofOrder, ...line } },
    ]),
    { type: 'PaymentAuthorizationAccepted', data: ofOrder },
    { type: 'PaymentAuthorizationDeclined', data: { ...ofOrder, reason: 'insufficient-funds' } },
    { type: 'PaymentAuthorizationTimedOut', data: ofOrder },
    { type: 'PaymentCaptureCompleted', data: ofOrder },
    { type: 'PaymentVoidCompleted', data: ofOrder },
    { type: 'OrderConfirmationCompleted', data: ofOrder },
    { type: 'OrderReleaseCompleted', data: ofOrder },
    { type: 'OrderRejectionCompleted', data: ofOrder },
    { type: 'OrderCancellationNoted', data: ofOrder },
    { type: 'OrderShippingCompleted', data: ofOrder },
    { type: 'ShipmentCompleted', data: { ...ofOrder, trackingNumber: 'WB-1' } },
    { type: 'ShipmentDeclined', data: { ...ofOrder, reason: 'too-large' } },
  ];
}

/** Tries every fact in every state, from the beginning until no new state appears. */
export function walkFulfilment(lineCount: number): Walk {
  const { initialState, decide, evolve } = fulfilmentDecider;
  const facts = everyFact(lineCount);
  const found = new Map<string, Fulfilment>([[JSON.stringify(initialState), initialState]]);
  const steps: Step[] = [];
  for (const from of found.values()) {
    for (const fact of facts) {
      const decision = decide({ type: 'NoteFact', fact }, from);
      if (decision.outcome === 'rejected' || decision.events.length === 0) continue;
      const to = decision.events.reduce(evolve, from);
      steps.push({ from, fact, toDo: decision.events.slice(1), to });
      // A Map goes on to what is put in while it is walked.
      if (!found.has(JSON.stringify(to))) found.set(JSON.stringify(to), to);
    }
  }
  return { steps, states: [...found.values()], facts };
}

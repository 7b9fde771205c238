import { describe, expect, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { decide, fulfilmentDecider } from './decide.ts';
import type { FulfilmentEvent, FulfilmentFact } from './events.ts';

const { given } = specification(fulfilmentDecider);

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const mug = { orderId, sku: 'mug', quantity: 2 };
const pen = { orderId, sku: 'pen', quantity: 1 };
const trackingNumber = 'WB-1';
const lines = [
  { sku: 'mug', quantity: 2 },
  { sku: 'pen', quantity: 1 },
];
const note = (fact: FulfilmentFact) => ({ type: 'NoteFact', fact }) as const;

const started: FulfilmentFact = {
  type: 'FulfilmentStarted',
  data: { orderId, lines, totalMinor: 2599, currency: 'EUR' },
};
const mugRequested: FulfilmentEvent = { type: 'StockReservationRequested', data: mug };
const penRequested: FulfilmentEvent = { type: 'StockReservationRequested', data: pen };
const mugAccepted: FulfilmentFact = { type: 'StockReservationAccepted', data: mug };
const penAccepted: FulfilmentFact = { type: 'StockReservationAccepted', data: pen };
const penDeclined: FulfilmentFact = { type: 'StockReservationDeclined', data: { ...pen, available: 0 } };
const outOfStock: FulfilmentEvent = { type: 'OrderRejectionRequested', data: { orderId, reason: 'out-of-stock' } };
const declinedReason: FulfilmentEvent = {
  type: 'OrderRejectionRequested',
  data: { orderId, reason: 'payment-declined' },
};
const mugRelease: FulfilmentEvent = { type: 'StockReleaseRequested', data: mug };
const penRelease: FulfilmentEvent = { type: 'StockReleaseRequested', data: pen };
const mugReleased: FulfilmentFact = { type: 'StockReleaseCompleted', data: mug };
const penReleased: FulfilmentFact = { type: 'StockReleaseCompleted', data: pen };
const authorization: FulfilmentEvent = {
  type: 'PaymentAuthorizationRequested',
  data: { orderId, amountMinor: 2599, currency: 'EUR' },
};
const authorized: FulfilmentFact = { type: 'PaymentAuthorizationAccepted', data: { orderId } };
const declined: FulfilmentFact = { type: 'PaymentAuthorizationDeclined', data: { orderId, reason: 'no funds' } };
const confirmation: FulfilmentEvent = { type: 'OrderConfirmationRequested', data: { orderId } };
const confirmed: FulfilmentFact = { type: 'OrderConfirmationCompleted', data: { orderId } };
const release: FulfilmentEvent = { type: 'OrderReleaseRequested', data: { orderId } };
const released: FulfilmentFact = { type: 'OrderReleaseCompleted', data: { orderId } };
const shipment: FulfilmentEvent = { type: 'ShipmentRequested', data: { orderId, lines } };
const dispatched: FulfilmentFact = { type: 'ShipmentCompleted', data: { orderId, trackingNumber } };
const mugDispatch: FulfilmentEvent = { type: 'StockDispatchRequested', data: mug };
const penDispatch: FulfilmentEvent = { type: 'StockDispatchRequested', data: pen };
const capture: FulfilmentEvent = { type: 'PaymentCaptureRequested', data: { orderId } };
const shipping: FulfilmentEvent = { type: 'OrderShippingRequested', data: { orderId, trackingNumber } };
const captured: FulfilmentFact = { type: 'PaymentCaptureCompleted', data: { orderId } };
const shipped: FulfilmentFact = { type: 'OrderShippingCompleted', data: { orderId } };
const mugGone: FulfilmentFact = { type: 'StockDispatchCompleted', data: mug };
const penGone: FulfilmentFact = { type: 'StockDispatchCompleted', data: pen };
const cancelled: FulfilmentFact = { type: 'OrderCancellationNoted', data: { orderId } };
const rejected: FulfilmentFact = { type: 'OrderRejectionCompleted', data: { orderId } };
const voiding: FulfilmentEvent = { type: 'PaymentVoidRequested', data: { orderId } };
const voided: FulfilmentFact = { type: 'PaymentVoidCompleted', data: { orderId } };
const completed = (outcome: 'shipped' | 'rejected' | 'cancelled'): FulfilmentEvent => ({
  type: 'FulfilmentCompleted',
  data: { orderId, outcome },
});

const reserving = [started, mugRequested, penRequested];
const authorizing = [...reserving, mugAccepted, penAccepted, authorization];
const confirming = [...authorizing, authorized, confirmation];
const releasing = [...confirming, confirmed, release];
const shippingOut = [...releasing, released, shipment];
const settling = [...shippingOut, dispatched, mugDispatch, penDispatch, capture, shipping];

describe('the happy way', () => {
  test('an order is created: every line is asked for', () => {
    given().when(note(started)).then(started, mugRequested, penRequested);
  });
  test('one of two lines is reserved: nothing more yet', () => {
    given(...reserving)
      .when(note(mugAccepted))
      .then(mugAccepted);
  });
  test('all lines are reserved: the money is asked for', () => {
    given(...reserving, mugAccepted)
      .when(note(penAccepted))
      .then(penAccepted, authorization);
  });
  test('the money is there: the order is confirmed', () => {
    given(...authorizing)
      .when(note(authorized))
      .then(authorized, confirmation);
  });
  test('confirmed: it is released to shipping', () => {
    given(...confirming)
      .when(note(confirmed))
      .then(confirmed, release);
  });
  test('released: the parcel is asked for', () => {
    given(...releasing)
      .when(note(released))
      .then(released, shipment);
  });
  test('the parcel has left: stock, money and order follow', () => {
    given(...shippingOut)
      .when(note(dispatched))
      .then(dispatched, mugDispatch, penDispatch, capture, shipping);
  });
  test('the last answer completes it, whichever it is', () => {
    given(...settling, mugGone, penGone, shipped)
      .when(note(captured))
      .then(captured, completed('shipped'));
    given(...settling, captured, shipped, penGone)
      .when(note(mugGone))
      .then(mugGone, completed('shipped'));
  });
});

describe('out of stock', () => {
  test('rejects at once and gives back what was reserved', () => {
    given(...reserving, mugAccepted)
      .when(note(penDeclined))
      .then(penDeclined, outOfStock, mugRelease);
  });
  test('gives back what is reserved later', () => {
    given(...reserving, penDeclined, outOfStock)
      .when(note(mugAccepted))
      .then(mugAccepted, mugRelease);
  });
  test('is complete when all is given back and the order knows', () => {
    given(...reserving, penDeclined, outOfStock, mugAccepted, mugRelease, rejected)
      .when(note(mugReleased))
      .then(mugReleased, completed('rejected'));
  });
});

describe('payment declined', () => {
  test('rejects and releases every line', () => {
    given(...authorizing)
      .when(note(declined))
      .then(declined, declinedReason, mugRelease, penRelease);
  });
  test('is complete when all is given back', () => {
    given(...authorizing, declined, declinedReason, mugRelease, penRelease, mugReleased, rejected)
      .when(note(penReleased))
      .then(penReleased, completed('rejected'));
  });
});

describe('cancelled by the customer', () => {
  test('while stock is asked for: waits for the answers and gives back', () => {
    given(...reserving)
      .when(note(cancelled))
      .then(cancelled);
    given(...reserving, cancelled)
      .when(note(mugAccepted))
      .then(mugAccepted, mugRelease);
  });
  test('while money is asked for: releases, waits for the answer and voids it', () => {
    given(...authorizing)
      .when(note(cancelled))
      .then(cancelled, mugRelease, penRelease);
    given(...authorizing, cancelled, mugRelease, penRelease)
      .when(note(authorized))
      .then(authorized, voiding);
  });
  test('while money is asked for and then declined: nothing to void', () => {
    given(...authorizing, cancelled, mugRelease, penRelease, mugReleased, penReleased)
      .when(note(declined))
      .then(declined, completed('cancelled'));
  });
  test('before and after the confirmation: releases and voids', () => {
    given(...confirming)
      .when(note(cancelled))
      .then(cancelled, mugRelease, penRelease, voiding);
    given(...releasing)
      .when(note(cancelled))
      .then(cancelled, mugRelease, penRelease, voiding);
  });
  test('while it is being rejected: the cancellation stands', () => {
    given(...reserving, penDeclined, outOfStock, mugAccepted, mugRelease, mugReleased)
      .when(note(cancelled))
      .then(cancelled, completed('cancelled'));
  });
  test('is complete when money and stock are back', () => {
    given(...confirming, cancelled, mugRelease, penRelease, voiding, mugReleased, penReleased)
      .when(note(voided))
      .then(voided, completed('cancelled'));
  });
});

describe('late, repeated and impossible facts change nothing', () => {
  const facts: readonly FulfilmentFact[] = [
    started, mugAccepted, penAccepted, penDeclined, mugReleased, penReleased, mugGone, penGone, authorized, declined,
    captured, voided, confirmed, released, rejected, cancelled, shipped, dispatched,
  ]; // biome-ignore format: one glance
  const done = [...settling, mugGone, penGone, captured, shipped, completed('shipped')];

  test.each(facts.map((fact) => [fact.type, fact] as const))('%s after the end', (_, fact) => {
    given(...done)
      .when(note(fact))
      .thenNothing();
  });
  test.each(facts.slice(1).map((fact) => [fact.type, fact] as const))('%s before the start', (_, fact) => {
    given().when(note(fact)).thenNothing();
  });
  test('a cancellation after the release, which the order itself refuses', () => {
    given(...shippingOut)
      .when(note(cancelled))
      .thenNothing();
  });
  test('every fact of the happy way, told twice', () => {
    let fulfilment = fulfilmentDecider.initialState;
    for (const event of done) {
      const isFact = facts.some((fact) => fact.type === event.type);
      fulfilment = fulfilmentDecider.evolve(fulfilment, event);
      if (isFact)
        expect(decide(note(event as FulfilmentFact), fulfilment)).toEqual({ outcome: 'accepted', events: [] });
    }
  });
});

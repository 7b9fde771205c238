import type { Fulfilment, FulfilmentEvent } from '../domain/orderProcessing/index.ts';
import { walkFulfilment } from './fulfilmentWalk.ts';

const toWants = (fulfilment: Extract<Fulfilment, { status: 'active' }>): string => {
  const { goal } = fulfilment;
  return goal.kind === 'reject' ? `reject: ${goal.reason}` : goal.kind;
};

function toCells(fulfilment: Fulfilment): readonly string[] {
  if (fulfilment.status !== 'active') return [fulfilment.status, '', '', '', ''];
  const { lines, payment, order, shipment } = fulfilment;
  return [toWants(fulfilment), lines.map(({ status }) => status).join(', '), payment, order, shipment];
}

function toWork({ type, data }: FulfilmentEvent): string {
  if (type === 'FulfilmentCompleted') return `${type} (${data.outcome})`;
  return type === 'OrderRejectionRequested' ? `${type} (${data.reason})` : type;
}

/** State x event -> to-do of an order with one line, as Markdown. What is not in it changes nothing. */
export function toFulfilmentTable(): string {
  const rows = walkFulfilment(1).steps.map(({ from, fact, toDo }) => [
    ...toCells(from),
    fact.type,
    toDo.map(toWork).join(', ') || 'wait',
  ]);
  const header = ['wants', 'stock', 'money', 'order', 'parcel', 'event', 'to do'];
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

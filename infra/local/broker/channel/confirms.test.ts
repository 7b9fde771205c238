import { expect, test } from '@jest/globals';
import { Confirms } from './confirms.ts';

function recorded(): { readonly confirms: Confirms; readonly sent: string[] } {
  const sent: string[] = [];
  const confirms = new Confirms((tag, isAccepted, isMultiple) => {
    sent.push(`${isAccepted ? 'ack' : 'nack'} ${isMultiple ? '<=' : ''}${tag}`);
  });
  return { confirms, sent };
}

test('acks gather until they are flushed, and leave as one', () => {
  const { confirms, sent } = recorded();
  for (const _ of [1, 2, 3]) confirms.settle(true);
  expect(sent).toEqual([]);
  confirms.flush();
  confirms.flush();
  confirms.settle(true);
  confirms.flush();
  expect(sent).toEqual(['ack <=3', 'ack 4']);
});

test('a nack comes after the acks before it, and no ack covers it', () => {
  const { confirms, sent } = recorded();
  for (const isAccepted of [true, true, false, true, true]) confirms.settle(isAccepted);
  confirms.flush();
  expect(sent).toEqual(['ack <=2', 'nack 3', 'ack <=5']);
});

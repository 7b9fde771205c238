import { expect, test } from '@jest/globals';
import { createHandler } from './handler.ts';

const up = async () => undefined;
const down = async () => {
  throw new Error('no');
};

test('healthy while every part answers', async () => {
  const answer = await createHandler({ checks: { store: up, tables: up } })();
  expect(answer).toMatchObject({ statusCode: 200, body: { status: 'ok', checks: { store: 'ok', tables: 'ok' } } });
});

test('names the part that does not', async () => {
  const answer = await createHandler({ checks: { store: down, tables: up } })();
  expect(answer).toMatchObject({ statusCode: 503, body: { status: 'down', checks: { store: 'down', tables: 'ok' } } });
});

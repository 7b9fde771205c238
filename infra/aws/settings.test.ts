import { expect, test } from '@jest/globals';
import { mergeSettings } from './settings.ts';

const stages = {
  default: { mailFrom: '', brokerVersion: '4.2', relayTasks: 1, corsOrigins: ['http://localhost:8080'] },
  dev: {},
  prod: { relayTasks: 2 },
  local: { mailFrom: 'orders@waybill.example' },
};
const merge = (own: unknown) => mergeSettings(stages, own, 'settings.yml');

test('an account without settings of its own has those of the repository', () => {
  expect(merge(undefined)).toEqual(stages);
  expect(merge(null)).toEqual(stages);
});

test("what an account says for every stage holds in each, and a stage's own above it", () => {
  const own = { default: { mailFrom: 'a@shop.example', relayTasks: 3 }, dev: { mailFrom: 'dev@shop.example' } };
  expect(merge(own)).toEqual({
    default: { ...stages.default, mailFrom: 'a@shop.example', relayTasks: 3 },
    dev: { mailFrom: 'dev@shop.example', relayTasks: 3 },
    prod: { mailFrom: 'a@shop.example', relayTasks: 3 },
    local: stages.local,
  });
});

test('every mistake is named at once, before anything is deployed', () => {
  const own = { default: { mailform: 'x' }, production: {}, local: {}, prod: { brokerVersion: 4.1, corsOrigins: 'x' } };
  expect(() => merge(own)).toThrow(
    "settings.yml: default: no setting 'mailform'; no stage 'production', there are default, dev, prod; " +
      "no stage 'local', there are default, dev, prod; prod: brokerVersion is a number, expected a string; " +
      'prod: corsOrigins is a string, expected a list',
  );
  expect(() => merge(['dev'])).toThrow('settings.yml: expected stages');
  expect(() => merge({ dev: 'x' })).toThrow('settings.yml: dev: expected settings');
});

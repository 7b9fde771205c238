import { expect, test } from '@jest/globals';
import { parseCredentials, toBrokerUrl } from './credentials.ts';

test('a broker address holds credentials and virtual host as they are, whatever is in them', () => {
  const credentials = parseCredentials('{"username":"relay","password":"a/b@c%d e"}', 's');
  const url = new URL(toBrokerUrl('amqps://b-1.mq.eu-central-1.amazonaws.com:5671', 'way/bill', credentials));
  expect([url.protocol, url.hostname, url.port]).toEqual(['amqps:', 'b-1.mq.eu-central-1.amazonaws.com', '5671']);
  expect(decodeURIComponent(url.password)).toBe('a/b@c%d e');
  expect(decodeURIComponent(url.pathname.slice(1))).toBe('way/bill');
});

test.each(['hunter2', '{"password":"hunter2"}', '{"username":"","password":"hunter2"}', '[]'])(
  'what is no credentials is refused by the name of its secret, and not shown: %s',
  (text) => {
    const parse = (): unknown => parseCredentials(text, 'waybill/dev/broker');
    expect(parse).toThrow("secret 'waybill/dev/broker' is not");
    expect(parse).not.toThrow('hunter2');
  },
);

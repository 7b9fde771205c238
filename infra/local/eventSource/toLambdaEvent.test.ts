import { expect, test } from '@jest/globals';
import { type Delivery, toLambdaEvent, toLambdaMessage } from './toLambdaEvent.ts';

const delivery = (properties: Delivery['properties'], redelivered = false): Delivery => ({
  content: Buffer.from('{"timeout":0}'),
  fields: { redelivered },
  properties,
});

test("gives the event of Lambda's own documentation", () => {
  const message = toLambdaMessage(
    delivery({
      contentType: 'text/plain',
      headers: { header1: 'value1', header2: 'value2', numberInHeader: 10 },
      deliveryMode: 1,
      priority: 34,
      expiration: '60000',
      timestamp: 2021,
      userId: 'AIDACKCEVSQ6C2EXAMPLE',
    }),
  );

  expect(toLambdaEvent('pizzaQueue', '/', [message])).toEqual({
    eventSource: 'aws:rmq',
    eventSourceArn: expect.stringMatching(/^arn:aws:mq:/),
    rmqMessagesByQueue: {
      'pizzaQueue::/': [
        {
          basicProperties: {
            contentType: 'text/plain',
            contentEncoding: null,
            headers: {
              header1: { bytes: [118, 97, 108, 117, 101, 49] },
              header2: { bytes: [118, 97, 108, 117, 101, 50] },
              numberInHeader: 10,
            },
            deliveryMode: 1,
            priority: 34,
            correlationId: null,
            replyTo: null,
            expiration: '60000',
            messageId: null,
            timestamp: 'Jan 1, 1970, 12:33:41 AM',
            type: null,
            userId: 'AIDACKCEVSQ6C2EXAMPLE',
            appId: null,
            clusterId: null,
            bodySize: 13,
          },
          redelivered: false,
          data: 'eyJ0aW1lb3V0IjowfQ==',
        },
      ],
    },
  });
});

test('leaves nothing out where nothing is set', () => {
  const { basicProperties } = toLambdaMessage(delivery({}));

  expect(Object.keys(basicProperties)).toHaveLength(15);
  expect(Object.values(basicProperties).filter((value) => value !== null)).toEqual([13]);
});

test('turns strings into bytes however deep they are in the headers', () => {
  const { basicProperties } = toLambdaMessage(
    delivery({
      headers: {
        'x-death': [{ queue: 'é', count: 2, time: { '!': 'timestamp', value: 13 * 3_600 } }],
        flag: true,
        nothing: null,
        raw: Buffer.from([255]),
      },
    }),
  );

  expect(basicProperties['headers']).toEqual({
    'x-death': [{ queue: { bytes: [195, 169] }, count: 2, time: 'Jan 1, 1970, 1:00:00 PM' }],
    flag: true,
    nothing: null,
    raw: { bytes: [255] },
  });
});

test('says of a message that came before that it did', () => {
  expect(toLambdaMessage(delivery({}, true)).redelivered).toBe(true);
});

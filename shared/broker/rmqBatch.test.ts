import { expect, test } from '@jest/globals';
import { decodeHeader, parseRmqEvent } from './rmqBatch.ts';

/** The example of docs.aws.amazon.com/lambda/latest/dg/with-mq.html. */
const example = {
  eventSource: 'aws:rmq',
  eventSourceArn: 'arn:aws:mq:us-east-2:111122223333:broker:pizzaBroker:b-9bcfa592-423a-4942-879d-eb284b418fc8',
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
          bodySize: 80,
        },
        redelivered: false,
        data: 'eyJ0aW1lb3V0IjowLCJkYXRhIjoiQ1pybWYwR3c4T3Y0YnFMUXhENEUifQ==',
      },
    ],
  },
};

test('reads the example of the documentation', () => {
  expect(parseRmqEvent(example)).toEqual([
    {
      queue: 'pizzaQueue',
      messageId: undefined,
      correlationId: undefined,
      headers: { header1: 'value1', header2: 'value2', numberInHeader: 10 },
      redelivered: false,
      body: Buffer.from('{"timeout":0,"data":"CZrmf0Gw8Ov4bqLQxD4E"}'),
    },
  ]);
});

test('decodes what stands inside of lists and tables, such as x-death', () => {
  const death = [{ count: 1, reason: { bytes: [101, 120, 112] }, 'routing-keys': [{ bytes: [107] }] }];
  expect(decodeHeader({ 'x-death': death })).toEqual({
    'x-death': [{ count: 1, reason: 'exp', 'routing-keys': ['k'] }],
  });
});

test.each([
  ['SQS', { Records: [] }],
  ['nothing', undefined],
  ['no message', { eventSource: 'aws:rmq' }],
])('refuses an event of %s', (_, event) => {
  expect(() => parseRmqEvent(event)).toThrow('not an aws:rmq event');
});

import { describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { WireClient } from '../testing/wireClient.ts';
import { emptyTable } from '../wire/fieldTable.ts';
import { encodeProperties } from '../wire/properties.ts';
import type { BrokerUnderTest } from './rig.ts';

const empty = encodeProperties({});

export function describeConnections({ url }: BrokerUnderTest): void {
  describe('connections', () => {
    test('a wrong password is told to clients that understand it', async () => {
      const wrong = url.replace(/:[^:@/]*@/, ':wrong@');
      await expect(connect(wrong)).rejects.toThrow(
        'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.',
      );
    });

    test('a missing virtual host', async () => {
      const opening = WireClient.open(url, {}, 'nowhere');
      await expect(opening).rejects.toThrow('connection.close: NOT_ALLOWED - vhost nowhere not found');
    });

    test('another protocol is answered with the header of this one', async () => {
      const client = await WireClient.dial(url);
      client.socket.removeAllListeners('data');
      const answer = new Promise((resolve) => client.socket.once('data', resolve));
      client.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
      expect(await answer).toEqual(Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
      await client.ended;
    });

    test('a channel over the limit agreed on', async () => {
      const client = await WireClient.open(url, { channelMax: 2 });
      for (const channel of [7, 8, 9]) client.send(channel, 'channel.open', {});
      expect(await lastWords(client)).toBe(
        '530 NOT_ALLOWED - number of channels opened (2) has reached the negotiated channel_max (2)',
      );
    });

    test('a transaction publishes and acknowledges when it is committed, and not when it is rolled back', async () => {
      const client = await WireClient.openChannel(url);
      client.send(1, 'queue.declare', declaration);
      const { queue } = await client.receive('queue.declare-ok');
      client.send(1, 'tx.select', {});
      await client.receive('tx.select-ok');
      const count = async (): Promise<number> => {
        client.send(1, 'queue.declare', { ...declaration, queue, passive: true });
        return (await client.receive('queue.declare-ok')).messageCount;
      };
      const publish = (text: string): void =>
        client.publish(1, '', queue, { properties: empty, body: Buffer.from(text) });
      publish('forgotten');
      client.send(1, 'tx.rollback', {});
      await client.receive('tx.rollback-ok');
      publish('kept');
      expect(await count()).toBe(0);
      client.send(1, 'tx.commit', {});
      await client.receive('tx.commit-ok');
      expect(await count()).toBe(1);
      client.send(1, 'basic.get', { queue, noAck: false });
      const { deliveryTag } = await client.receive('basic.get-ok');
      client.send(1, 'basic.ack', { deliveryTag, multiple: false });
      client.send(1, 'tx.rollback', {});
      await client.receive('tx.rollback-ok');
      client.send(1, 'basic.nack', { deliveryTag, multiple: false, requeue: true });
      client.send(1, 'tx.commit', {});
      await client.receive('tx.commit-ok');
      expect(await count()).toBe(1);
      client.close();
    });

    test('after a close the server says no more, and waits for the client to hang up', async () => {
      const client = await WireClient.openChannel(url);
      client.send(0, 'connection.close', { replyCode: 200, replyText: 'bye', classId: 0, methodId: 0 });
      client.send(1, 'basic.qos', { prefetchSize: 0, prefetchCount: 1, global: false });
      expect((await client.next()).name).toBe('connection.close-ok');
      client.socket.end();
      await client.ended;
    });
  });
}

const declaration = {
  queue: '',
  passive: false,
  durable: false,
  exclusive: true,
  autoDelete: false,
  noWait: false,
  arguments: emptyTable,
};

/** With what the server closes the connection. */
export async function lastWords(client: WireClient): Promise<string> {
  for (;;) {
    const method = await client.next();
    if (method.name !== 'connection.close' && method.name !== 'channel.close') continue;
    client.close();
    return `${method.replyCode} ${method.replyText}`;
  }
}

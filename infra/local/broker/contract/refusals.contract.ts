import { describe, expect, test } from '@jest/globals';
import type { Channel } from 'amqplib';
import { refusal } from './observe.ts';
import { refusals } from './refusals.ts';
import { type BrokerUnderTest, type Rig, useRig } from './rig.ts';

export function describeRefusals(broker: BrokerUnderTest): void {
  describe('refusals', () => {
    const rig = useRig(broker);

    test.each(refusals)('%s', async (_title, attempt, expected) => {
      const [queue, exchange] = [await rig.queue('q'), await rig.exchange('x', 'topic')];
      const text = await refusal(rig, (channel) => attempt(channel, queue, exchange));
      expect(text).toBe(expected.replace("'Q'", `'${queue}'`).replace("'X'", `'${exchange}'`));
    });

    test('deleting what is in use or not empty, where that was asked', async () => {
      const [queue, exchange] = [await rig.queue('q'), await rig.exchange('x', 'topic')];
      await rig.channel.bindQueue(queue, exchange, 'a');
      await rig.publish('', queue, '1');
      const unused = { ifUnused: true };
      expect(await refusal(rig, (it) => it.deleteExchange(exchange, unused))).toBe(
        `406 PRECONDITION_FAILED - exchange '${exchange}' in vhost '/' in use`,
      );
      expect(await refusal(rig, (it) => it.deleteQueue(queue, { ifEmpty: true }))).toBe(
        `406 PRECONDITION_FAILED - queue '${queue}' in vhost '/' not empty`,
      );
      await rig.channel.consume(queue, () => {}, { noAck: true });
      expect(await refusal(rig, (it) => it.deleteQueue(queue, unused))).toBe(
        `406 PRECONDITION_FAILED - queue '${queue}' in vhost '/' in use`,
      );
    });

    test('a queue or a consumer that wants to be alone', async () => {
      const queue = await rig.queue('q');
      const inUse = `403 ACCESS_REFUSED - queue '${queue}' in vhost '/' in exclusive use`;
      const { consumerTag } = await rig.channel.consume(queue, () => {});
      expect(await refusal(rig, (it) => it.consume(queue, () => {}, { exclusive: true }))).toBe(inUse);
      await rig.channel.cancel(consumerTag);
      await rig.channel.consume(queue, () => {}, { exclusive: true });
      expect(await refusal(rig, (it) => it.consume(queue, () => {}))).toBe(inUse);
      await expectLocked(rig);
    });

    test('an internal exchange takes nothing from clients', async () => {
      const exchange = await rig.exchange('x', 'topic', { internal: true });
      expect(await refusal(rig, (it) => it.publish(exchange, '', Buffer.alloc(0)))).toBe(
        `403 ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' in vhost '/'`,
      );
    });
  });
}

async function expectLocked(rig: Rig): Promise<void> {
  const name = rig.name('mine');
  await rig.channel.assertQueue(name, { exclusive: true });
  for (const attempt of [
    (it: Channel) => it.consume(name, () => {}),
    (it: Channel) => it.checkQueue(name),
    (it: Channel) => it.deleteQueue(name),
  ]) {
    expect(await refusal(rig, attempt)).toContain(
      `405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${name}' in vhost '/'.`,
    );
  }
}

import { connect } from 'amqplib';
import type { BrokerUnderTest } from './rig.ts';

/** The product that this broker calls its platform; a real one names Erlang there. */
const ownPlatform = 'Waybill local broker';

/** The RabbitMQ of `RABBITMQ_TEST_URL` or `RABBITMQ_URL`, or the one that happens to run on this machine, if there is one. */
export async function findRabbit(): Promise<BrokerUnderTest | undefined> {
  const named = process.env['RABBITMQ_TEST_URL'] ?? process.env['RABBITMQ_URL'];
  const url = named ?? 'amqp://guest:guest@127.0.0.1:5672';
  try {
    const connection = await connect(url, { noDelay: true, timeout: 1000 });
    const { product, platform, version } = connection.connection.serverProperties;
    await connection.close();
    if (product !== 'RabbitMQ' || platform === ownPlatform) return undefined;
    return { url, majorVersion: Number.parseInt(version, 10) };
  } catch (error) {
    if (named === undefined) return undefined;
    throw error;
  }
}

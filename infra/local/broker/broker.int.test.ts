import { afterAll } from '@jest/globals';
import { describeBroker } from './broker.contract.ts';
import { findRabbit } from './contract/findRabbit.ts';
import { startBroker } from './startBroker.ts';

const local = await startBroker();
afterAll(() => local.stop());
describeBroker('the local broker', { url: local.url, majorVersion: 4 });

const rabbit = await findRabbit();
if (rabbit) describeBroker(`RabbitMQ ${rabbit.majorVersion}`, rabbit);

import { describeDeadLetterQueue } from './deadLetterQueue.contract.ts';
import { createInMemoryDeadLetterQueue } from './inMemoryDeadLetterQueue.ts';

const deadLetters = createInMemoryDeadLetterQueue();
let queues = 0;

describeDeadLetterQueue('in memory', () => ({
  deadLetters,
  makeQueue: async () => {
    queues += 1;
    return `dlq-${queues}`;
  },
  put: async (queue, message) => deadLetters.put(queue, message),
}));

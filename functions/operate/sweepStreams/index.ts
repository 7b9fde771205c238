import middy from '@middy/core';
import { remedyDeps } from '../../wiring/deadLetters.ts';
import { createHandler } from './handler.ts';

export const handler = middy().handler(createHandler(remedyDeps('sweepStreams')));

import middy from '@middy/core';
import { relayDeps } from '../../wiring/relay.ts';
import { createHandler } from './handler.ts';

export const handler = middy().handler(createHandler(relayDeps));

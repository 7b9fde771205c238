// The framework reads variables from JavaScript alone: `${file(infra/aws/serverless.js):<export>...}`.
export { mappings } from './mappings.ts';
export { relaySchedule } from './relaySchedule.ts';

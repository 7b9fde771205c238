// The framework reads variables from JavaScript alone: `${file(infra/aws/serverless.js):<export>...}`.
export { dashboard } from './dashboard.ts';
export { concurrency, mappingExtensions, mappings } from './mappings.ts';
export { repeatedAlarms } from './repeatedAlarms.ts';
export { roles, rolesInNetwork } from './roles.ts';
export { params } from './settings.ts';
export {
  brokerMemoryPercent,
  brokerSize,
  brokerSubnets,
  cors,
  eventStoreCa,
  hasOneAddress,
  mailAddress,
  mailIdentities,
  measuringSchedule,
  relayCategories,
  relayImage,
  relayMinimumHealthyPercent,
  relaySchedule,
  tablePrefix,
  topologySchedule,
  zones,
} from './stageChoices.ts';
export { topologyDigest } from './topologyDigest.ts';

// The framework reads variables from JavaScript alone: `${file(infra/aws/serverless.js):<export>...}`.
export { dashboard } from './dashboard.ts';
export { mappingExtensions, mappings } from './mappings.ts';
export { repeatedAlarms } from './repeatedAlarms.ts';
export { roles } from './roles.ts';
export {
  brokerMemoryPercent,
  brokerSize,
  brokerSubnets,
  cors,
  eventStoreCa,
  eventStorePeeringId,
  jwtAudience,
  jwtIssuer,
  mailAddress,
  mailFrom,
  mailIdentities,
  measuringSchedule,
  relayImage,
  relayMinimumHealthyPercent,
  relaySchedule,
  topologySchedule,
  zones,
} from './stageChoices.ts';
export { topologyDigest } from './topologyDigest.ts';

import { createHash } from 'node:crypto';
import { policiesFor } from '../../shared/broker/admin/brokerPolicies.ts';
import { permissionsOf, tagsOf } from '../../shared/broker/admin/brokerUsers.ts';
import { declareTopology } from '../../shared/broker/topology.ts';

/** Changes whenever what is to be on the broker changes: that is when CloudFormation has it applied again. */
export const topologyDigest = createHash('sha256')
  .update(JSON.stringify([declareTopology(), permissionsOf, tagsOf, policiesFor('4.2'), policiesFor('4.3')]))
  .digest('hex');

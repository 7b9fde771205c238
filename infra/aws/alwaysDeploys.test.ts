import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import AlwaysDeploysPlugin from './alwaysDeploys.ts';

// The framework's own, as far as it can be had without an account: what the plugin sets is what its check reads.
const load = createRequire(import.meta.url);
const PluginManager = load('serverless/lib/classes/plugin-manager.js');
const { checkForChanges } = load('serverless/lib/plugins/aws/deploy/lib/check-for-changes.js');

test('the framework’s look for changes is left out, and no deployment skipped', async () => {
  const looks: string[] = [];
  const manager = new PluginManager({
    service: { provider: { name: 'aws' } },
    processedInput: { commands: ['deploy'], options: {} },
  });
  manager.setCliOptions({ stage: 'dev' });
  manager.addPlugin(AlwaysDeploysPlugin);
  await Promise.all(manager.hooks.initialize.map(({ hook }: { readonly hook: () => void }) => hook()));
  await checkForChanges.call({
    options: manager.cliOptions,
    serverless: { service: { provider: {} } },
    getMostRecentObjects: async () => looks.push('bucket'),
    checkLogGroupSubscriptionFilterResourceLimitExceeded: async () => looks.push('limits'),
  });
  expect(looks).toEqual(['limits']);
});

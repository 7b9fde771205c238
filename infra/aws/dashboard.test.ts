import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { consumers } from '../../shared/broker/topology.ts';
import { dashboard } from './dashboard.ts';

const root = new URL('../../', import.meta.url);

test('shows every figure that a consumer counts, of every consumer', () => {
  const counted = globSync('shared/broker/*.ts', { cwd: root }).flatMap((path) =>
    [...readFileSync(new URL(path, root), 'utf8').matchAll(/metrics\.add\('(\w+)'/g)].map(([, name]) => name),
  );
  expect(counted).toContain('BlockedStreams');

  const body = JSON.parse(dashboard.Resources.Dashboard.Properties.DashboardBody['Fn::Sub']) as {
    readonly widgets: readonly { readonly properties: { readonly metrics: readonly (readonly unknown[])[] } }[];
  };
  const shown = body.widgets.flatMap(({ properties }) => properties.metrics).map((metric) => metric.join(' '));
  const expected = counted.flatMap((figure) =>
    Object.values(consumers).map(
      ({ name }) => `\${param:metricsNamespace} ${figure} service consumer consumer ${name}`,
    ),
  );
  expect(expected.filter((metric) => !shown.includes(metric))).toEqual([]);
});

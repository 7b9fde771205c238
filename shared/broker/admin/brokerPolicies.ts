import { permissionsOf } from './brokerUsers.ts';

/** A rule of the broker's own for all queues whose name matches. */
export interface PolicyDeclaration {
  readonly name: string;
  readonly pattern: string;
  readonly applyTo: 'queues';
  /** Of several that match a queue, the highest applies to it, alone. */
  readonly priority: number;
  readonly definition: Readonly<Record<string, string | number>>;
}

/** The first version in which a quorum queue can hold back what is returned to it. */
const delayedRetrySince = { major: 4, minor: 3 } as const;

/** Leaders of quorum queues are spread over a cluster's nodes, whoever declares them. */
const balanced = { 'queue-leader-locator': 'balanced' } as const;

/** A batch that comes again and again, as it does in an outage, waits longer each time, so that it does not spin. */
const heldBack = { 'delayed-retry-type': 'all', 'delayed-retry-min': 1_000, 'delayed-retry-max': 60_000 } as const;

/**
 * The policies for a broker of this version. What a queue is for stands in its arguments; policies hold what an operator
 * may want to change while messages are in it.
 *
 * @param version as the broker says it, such as 4.2.1
 */
export function policiesFor(version: string): readonly PolicyDeclaration[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { major: since, minor: sinceMinor } = delayedRetrySince;
  const all = { name: 'waybill-queues', pattern: '.*', applyTo: 'queues', priority: 1, definition: balanced } as const;
  if (major < since || (major === since && minor < sinceMinor)) return [all];
  return [
    all,
    {
      name: 'waybill-partitions',
      pattern: permissionsOf.consumer.read,
      applyTo: 'queues',
      priority: 10,
      definition: { ...balanced, ...heldBack },
    },
  ];
}

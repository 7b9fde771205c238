import { type Settings, variables } from './settings.ts';

/** What may be meant and has a price: lines for a person. */
export function toWarnings({ given, dataDirectory }: Pick<Settings, 'given' | 'dataDirectory'>): readonly string[] {
  const isStoreInMemory = given.eventStore === undefined && dataDirectory === undefined;
  if (!isStoreInMemory || given.broker === undefined) return [];
  return [
    `the event store is in memory and goes with this; what is then left in the queues at ${variables.broker.name} stays, and the ` +
      'next start is refused until they are purged: npm start -- --data DIR keeps the store',
  ];
}

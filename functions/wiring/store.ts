import { systemClock } from '../../shared/kernel/clock.ts';
import { lazyConnection } from '../../shared/kernel/lazyConnection.ts';
import { closeEsdbClient, openEsdbClient } from '../../shared/store/esdbClient.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';
import { createLoggedEventStore } from '../../shared/store/loggedEventStore.ts';
import { eventStoreUrl } from './addresses.ts';
import { eventStoreCa, loggerFor } from './config.ts';
import { freezes } from './freezes.ts';

// At once, so that a wrong one ends the function's start and not each of its calls.
const ca = eventStoreCa();
const store = createEsdbEventStore(
  lazyConnection({ open: async () => openEsdbClient(await eventStoreUrl(), ca), close: closeEsdbClient, freezes }),
);

/** Connects on first use; what is appended is logged under the function's name. */
export const storeFor = (service: string): EventStore =>
  createLoggedEventStore(store, { logger: loggerFor(service), clock: systemClock });

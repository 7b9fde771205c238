import dynalite from 'dynalite';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';

/**
 * Starts a DynamoDB (dynalite) on loopback, in memory, without tables.
 *
 * @param port 0, the default, takes any free one
 */
export function startDynamo({ port = 0 } = {}): Promise<RunningServer> {
  return listen(dynalite({ createTableMs: 0 }), port);
}

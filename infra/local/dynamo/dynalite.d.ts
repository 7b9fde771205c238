declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB over HTTP, in memory unless `path` names a folder. */
  const dynalite: (options?: { readonly createTableMs?: number; readonly path?: string }) => Server;
  export = dynalite;
}

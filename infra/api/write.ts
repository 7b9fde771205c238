/** `npm run api`: writes the API's and the events' documents anew. */
import { writeFileSync } from 'node:fs';
import { makeAsyncApi } from './makeAsyncApi.ts';
import { makeOpenApi } from './makeOpenApi.ts';

const write = (name: string, document: unknown): void =>
  writeFileSync(
    new URL(`../../shared/http/${name}.json`, import.meta.url),
    `${JSON.stringify(document, undefined, 2)}\n`,
  );

write('openapi', makeOpenApi());
write('asyncapi', makeAsyncApi());

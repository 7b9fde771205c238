import { runProgram } from '../program.ts';
import { startIssuer } from './startIssuer.ts';

const audience = process.env['JWT_AUDIENCE'];

await runProgram('issuer', () =>
  startIssuer({ port: Number(process.env['PORT'] ?? 0), ...(audience ? { audience } : {}) }),
);

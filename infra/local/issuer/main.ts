import { placeOf, runProgram } from '../program.ts';
import { startIssuer } from './startIssuer.ts';

const audience = process.env['JWT_AUDIENCE'];

await runProgram('issuer', () => startIssuer({ ...placeOf(process.env), ...(audience ? { audience } : {}) }));

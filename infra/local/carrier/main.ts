import { runProgram } from '../program.ts';
import { startCarrier } from './startCarrier.ts';

await runProgram('carrier', () => startCarrier({ port: Number(process.env['PORT'] ?? 0) }));

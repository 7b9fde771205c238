import { runProgram } from '../program.ts';
import { startMail } from './startMail.ts';

await runProgram('mail', () => startMail({ port: Number(process.env['PORT'] ?? 0) }));

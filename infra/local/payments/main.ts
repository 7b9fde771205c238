import { runProgram } from '../program.ts';
import { startPaymentGateway } from './startPaymentGateway.ts';

await runProgram('payment gateway', () => startPaymentGateway({ port: Number(process.env['PORT'] ?? 0) }));

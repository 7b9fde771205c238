import { placeOf, runProgram } from '../program.ts';
import { startPaymentGateway } from './startPaymentGateway.ts';

await runProgram('payment gateway', () => startPaymentGateway(placeOf(process.env)));

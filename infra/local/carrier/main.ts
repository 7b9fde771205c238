import { placeOf, runProgram } from '../program.ts';
import { startCarrier } from './startCarrier.ts';

await runProgram('carrier', () => startCarrier(placeOf(process.env)));

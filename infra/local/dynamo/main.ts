import { placeOf, runProgram } from '../program.ts';
import { startDynamo } from './startDynamo.ts';

await runProgram('DynamoDB', () => startDynamo(placeOf(process.env)));

import { runProgram } from '../program.ts';
import { startDynamo } from './startDynamo.ts';

await runProgram('DynamoDB', () => startDynamo({ port: Number(process.env['PORT'] ?? 0) }));

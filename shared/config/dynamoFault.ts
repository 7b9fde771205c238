import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { Fault } from '../kernel/fault.ts';

/** What DynamoDB or the way to it says, as a fault that tells what was being done, and what to do where the table is missing. */
export function toTableFault(error: unknown, doing: string): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof ResourceNotFoundException ? ': create the tables, or correct TABLE_PREFIX' : '';
  return new Fault('table/unavailable', `${doing}: ${reason}${remedy}`, error);
}

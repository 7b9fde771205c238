import { lockDirectory } from '../eventStore/disk/directoryLock.ts';
import { makeDirectory } from '../makeDirectory.ts';
import { StackProblem, toReason } from './stackProblem.ts';

/**
 * Takes the folder that keeps what the local servers hold, and makes it where it is not there yet.
 *
 * @returns what gives it back
 * @throws StackProblem when another `npm start` has it, or it can't be written
 */
export function takeDataDirectory(directory: string): () => void {
  try {
    makeDirectory(directory);
    return lockDirectory(directory);
  } catch (error) {
    const advice = 'end what uses it, or choose another folder';
    throw new StackProblem(`--data ${directory} cannot be used (${toReason(error)}): ${advice}`);
  }
}

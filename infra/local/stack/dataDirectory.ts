import { readdirSync } from 'node:fs';
import { lockDirectory } from '../eventStore/disk/directoryLock.ts';
import { makeDirectory } from '../makeDirectory.ts';
import { servers } from './programs.ts';
import { hasCode, StackProblem, toReason } from './stackProblem.ts';

const folders: readonly string[] = Object.values(servers).flatMap(({ folder }) => folder ?? []);
/** By one of these a folder of ours is known, whatever else is in it; every version made at least one of them. */
const marks: readonly string[] = ['master-key', 'event-store', 'dynamodb'];
/** Alone, these are what a start left that did not get far, and what a disk of its own begins with. */
const harmless: readonly string[] = [...folders, 'lock', 'lost+found'];

/**
 * Takes the folder that keeps what the local servers hold, and makes it where it is not there yet.
 *
 * @returns what gives it back
 * @throws StackProblem when another `npm start` has it, it can't be written, or it holds what is somebody else's
 */
export function takeDataDirectory(directory: string): () => void {
  const refuse = (reason: string, advice = 'choose another folder'): never => {
    throw new StackProblem(`--data ${directory} cannot be used (${reason}): ${advice}`);
  };
  try {
    makeDirectory(directory);
    const names = readdirSync(directory);
    const stranger = names.find((name) => !harmless.includes(name));
    if (stranger !== undefined && !names.some((name) => marks.includes(name)))
      refuse(`it holds ${stranger} and nothing of Waybill's`, 'choose a new folder, or an empty one');
    return lockDirectory(directory);
  } catch (error) {
    if (error instanceof StackProblem) throw error;
    if (hasCode(error, 'EEXIST')) return refuse('something that is no folder is there');
    if (hasCode(error, 'ENOTDIR')) return refuse('it would be in something that is no folder');
    const reason = toReason(error);
    const isInUse = reason.includes(' is in use by process ');
    return refuse(reason, isInUse ? 'end what uses it, or choose another folder' : undefined);
  }
}

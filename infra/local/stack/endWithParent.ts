/**
 * Preloaded into every process of the stack: none outlives the one that forked it, however that one ended. Programs
 * end on 'disconnect' by themselves; this is for the time before they listen for it, and for one that hangs.
 */
import { isMainThread } from 'node:worker_threads';

const graceMs = 1_500;

if (isMainThread) {
  process.on('disconnect', () => setTimeout(() => process.exit(1), graceMs).unref());
  // Listening keeps a process alive. One that has failed and has nothing else to do is to end, and be heard of.
  process.channel?.unref();
}

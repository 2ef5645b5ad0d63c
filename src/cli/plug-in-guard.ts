import { plugInCrashed, plugInExited, plugInStalled, SigtablesError } from '../errors.js';
import { tellLoadedMemory } from '../pool/memory-messages.js';
import { describeThrown } from '../signatures/plug-in/thrown.js';
import { exitWithFailure, reportFailure } from './failure.js';
import { watchMainHeap, watchMemory } from './memory-watch.js';

/**
 * Runs `action`, in which this thread runs code of the plug-in `file`. Where that ends the process, throws outside of any
 * call, or waits for what never comes, the process ends with a failure that names the file; also later, where it has filled
 * `maxMemoryBytes` (see `watchMemory`).
 */
export async function guardPlugIn<T>(
  file: string,
  action: () => Promise<T>,
  maxMemoryBytes?: number,
): Promise<T> {
  const onExit = (): void => reportFailure(plugInExited(file));
  const onIdle = (): void => {
    process.off('exit', onExit);
    exitWithFailure(plugInStalled(file));
  };
  const onCrash = (error: unknown): void => {
    process.off('exit', onExit);
    const isOurs = error instanceof SigtablesError;
    exitWithFailure(isOurs ? error : plugInCrashed(file, describeThrown(error, file), error));
  };
  process.on('exit', onExit);
  // In front of the listeners of the whole program, which know nothing of plug-ins.
  process.prependListener('beforeExit', onIdle);
  process.prependListener('uncaughtException', onCrash);
  watchMemory(file, maxMemoryBytes);
  watchMainHeap(true);
  try {
    const result = await action();
    tellLoadedMemory();
    return result;
  } finally {
    watchMainHeap(false);
    process.off('exit', onExit);
    process.off('beforeExit', onIdle);
    process.off('uncaughtException', onCrash);
  }
}

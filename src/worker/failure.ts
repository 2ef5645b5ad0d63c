import type { JobFailure } from '../pool/messages.js';
import { PlugInError, SigtablesError, SpoolDamaged } from '../errors.js';
import { SourceError } from './source-files.js';

/** What was thrown in a worker, as it crosses to the main thread. */
export function describeFailure(error: unknown): JobFailure {
  try {
    return describe(error);
  } catch {
    // Code of a plug-in may throw what itself throws when it is looked at.
    return { message: 'something was thrown that cannot be shown' };
  }
}

function describe(error: unknown): JobFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  if (error instanceof SigtablesError)
    return { message: error.message, worded: { code: error.code, message: error.message } };
  if (error instanceof SpoolDamaged) return { message: error.message, spoolFile: error.path };
  if (error instanceof PlugInError)
    return {
      message: error.message,
      stack: error.stack,
      plugIn: { n: BigInt(error.n), what: error.message },
    };
  const { message, stack, code, errno, syscall, path } = error as NodeJS.ErrnoException;
  return { message, stack, code, errno, syscall, path, isSource: error instanceof SourceError };
}

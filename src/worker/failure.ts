import type { JobFailure } from '../pool/messages.js';
import { SourceError } from './source-files.js';

/** What was thrown in a worker, as it crosses to the main thread. */
export function describeFailure(error: unknown): JobFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack, code, errno, syscall, path } = error as NodeJS.ErrnoException;
  return { message, stack, code, errno, syscall, path, isSource: error instanceof SourceError };
}

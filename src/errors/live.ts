import { SigtablesError } from './sigtables-error.js';

// What is wrong with the live page of a build.

/** The system does not give the port. */
export function portRefused(flag: string, port: number, cause: NodeJS.ErrnoException): SigtablesError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} of 127.0.0.1 is in use`,
    EACCES: `this user may not listen on port ${port}`,
  };
  const reason = reasons[cause.code ?? ''] ?? `cannot listen on port ${port} of 127.0.0.1 (${cause.message})`;
  return new SigtablesError(
    'USAGE',
    `${flag}: ${reason}: name another, or leave the number out to let the system choose; nothing was built`,
    { cause },
  );
}

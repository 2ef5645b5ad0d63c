import { resolve } from 'node:path';
import { OPEN_FAILURE_MS } from '../limits.js';

/** Shows a file in the program that the system has for it. A system without one is told of; the file is there all the same. */
export async function openFile(path: string): Promise<void> {
  const { default: open } = await import('open');
  try {
    const opener = await open(resolve(path)); // an absolute path is never taken for a flag or an address
    const status = await new Promise<number | null>((done) => {
      if (opener.exitCode !== null) done(opener.exitCode);
      opener.once('exit', done);
      setTimeout(() => done(0), OPEN_FAILURE_MS).unref();
    });
    if (status !== 0) sayNotOpened(path, `the system's opener ended with status ${status}`);
  } catch (error) {
    sayNotOpened(path, (error as Error).message);
  }
}

function sayNotOpened(path: string, why: string): void {
  process.stderr.write(`sigtables: cannot show ${path} (${why}): open it in a browser\n`);
}

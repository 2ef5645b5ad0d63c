import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { OPEN_FAILURE_MS } from '../limits.js';
import { writeNotice } from './output.js';

/** Shows a file in the program that the system has for it. A system without one is told of; the file is there all the same. */
export async function openFile(path: string): Promise<void> {
  const { default: open } = await import('open');
  try {
    const opener = await open(resolve(path)); // an absolute path is never taken for a flag or an address
    const status = await waitForFailure(opener);
    if (status !== 0) sayNotOpened(path, `the system's opener ended with status ${status}`);
  } catch (error) {
    sayNotOpened(path, (error as Error).message);
  }
}

/** The status of a program that ends within OPEN_FAILURE_MS; 0 for one that goes on. It keeps this process from ending by the timer alone. */
async function waitForFailure(opener: ChildProcess): Promise<number | null> {
  return await new Promise((done) => {
    const timer = setTimeout(() => done(0), OPEN_FAILURE_MS);
    const end = (status: number | null): void => {
      clearTimeout(timer);
      done(status);
    };
    if (opener.exitCode === null) opener.once('exit', end);
    else end(opener.exitCode);
  });
}

function sayNotOpened(path: string, why: string): void {
  writeNotice(`cannot show ${path} (${why}): open it in a browser`);
}

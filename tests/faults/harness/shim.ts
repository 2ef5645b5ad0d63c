import { join } from 'node:path';
import { NotTested } from '../fault.js';
import { runProgram } from './command.js';
import { SUITE } from './suite.js';

let shim: Promise<string> | undefined;

/** The environment of a command that runs with the shim; `settings` are those of shim.c. Throws a NotTested without a compiler. */
export async function withShim(settings: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  shim ??= compileShim();
  return { LD_PRELOAD: await shim, ...settings };
}

async function compileShim(): Promise<string> {
  const library = join(SUITE.folder, 'shim.so');
  const source = join(SUITE.root, 'tests', 'faults', 'shim.c');
  if (process.platform !== 'linux') throw new NotTested('LD_PRELOAD');
  await runProgram('cc', '-shared', '-fPIC', '-O2', '-o', library, source, '-ldl').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new NotTested('a C compiler (cc)');
    if (/fatal error: .*No such file|cannot find -l/.test(message))
      throw new NotTested('the headers of C (libc6-dev)');
    throw error;
  });
  return library;
}

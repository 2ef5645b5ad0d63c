import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { mergeIntoSource, systemFailed } from '../errors.js';

/** Refuses an output folder that is one of the sources, or lies in one. Links are followed. Throws USAGE. */
export async function refuseSourceAsOutput(out: string, folders: readonly string[]): Promise<void> {
  const place = await findRealPath(resolve(out));
  for (const folder of folders) {
    const way = relative(await findRealPath(resolve(folder)), place);
    if (way === '' || !(way === '..' || way.startsWith(`..${sep}`))) throw mergeIntoSource(out, folder);
  }
}

/** The path without links, as far as there is something on the way. */
async function findRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    const failure = error as NodeJS.ErrnoException;
    if (failure.code !== 'ENOENT' || parent === path)
      throw systemFailed(path, failure, 'nothing was written');
    return join(await findRealPath(parent), basename(path));
  }
}

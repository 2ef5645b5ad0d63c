import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderHoldsForeignFiles } from '../errors.js';
import { BUILD_FOLDER, JOBS_FOLDER } from '../tables/folder-names.js';

/**
 * Refuses a build folder in `out` that is a link, or holds something else than files and folders: a table set may come from
 * somebody else, and what is written there must not end up elsewhere, nor wait for a pipe. Throws USAGE.
 */
export async function refuseLinksInBuildFolder(out: string): Promise<void> {
  const found = await lstat(join(out, BUILD_FOLDER)).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) throw folderHoldsForeignFiles(out, BUILD_FOLDER, true);
  const folders = [BUILD_FOLDER];
  for (const folder of folders) {
    for (const entry of await readdir(join(out, folder), { withFileTypes: true })) {
      const name = join(folder, entry.name);
      // Workers on other machines write there: what is no result is removed where results are looked at, and no link is followed.
      if (name === join(BUILD_FOLDER, JOBS_FOLDER)) continue;
      if (entry.isDirectory()) folders.push(name);
      else if (!entry.isFile()) throw folderHoldsForeignFiles(out, name, true);
    }
  }
}

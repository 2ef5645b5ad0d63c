import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { folderHoldsForeignFiles } from '../errors.js';
import { manifestPath, readManifest } from '../tables/manifest.js';

/**
 * Removes the tables of a set that is being replaced: those it is known to have made, by name, and no others. Throws USAGE for a shard
 * that holds something else too, TABLES for one whose manifest does not say what it holds.
 */
export async function removeTables(out: string, names: Iterable<string>): Promise<void> {
  for (const name of names) {
    const path = join(out, name);
    if (!(await removeFile(path))) await removeShard(path);
  }
}

/** A distributed build that was cut off at its end leaves shards: their manifests go last, so that they can be removed again. */
async function removeShard(folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) {
    const { files } = await readManifest(folder);
    for (const { file } of files) await removeFile(join(folder, file));
    const [foreign] = (await readdir(folder)).filter((name) => join(folder, name) !== manifestPath(folder));
    if (foreign !== undefined) throw folderHoldsForeignFiles(folder, foreign, true);
    await removeFile(manifestPath(folder));
  }
  await rmdir(folder);
}

/** Whether nothing is at `path` any more; false where a folder is. */
async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    // Systems differ in what they say of a folder.
    if ((await lstat(path)).isDirectory()) return false;
    throw error;
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface FileState {
  readonly text: string;
  readonly modifiedNs: bigint;
  readonly inode: bigint;
}

/** The names of all files below `folder`, hidden ones too, sorted. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Every file below `folder` with its content, its time of change and its inode: equal only if nothing was touched. */
export async function takeSnapshot(folder: string): Promise<Record<string, FileState>> {
  const files: Record<string, FileState> = {};
  for (const name of await listFiles(folder)) {
    const { mtimeNs, ino } = await stat(join(folder, name), { bigint: true });
    files[name] = { text: await readFile(join(folder, name), 'latin1'), modifiedNs: mtimeNs, inode: ino };
  }
  return files;
}

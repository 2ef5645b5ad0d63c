import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { FolderReport } from './report.js';

/** As Linux names them; those of FUSE are `fuse.sshfs` and so on. */
const NETWORK =
  /^(?:nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|lustre|gpfs|beegfs|glusterfs|virtiofs|fuse\.(?!fuse-overlayfs).*)$/;

/** What `folder`, or the nearest folder above that exists, stands on. Reads the mounts below `root`. */
export async function describeFolder(folder: string, root = '/'): Promise<FolderReport> {
  const path = resolve(folder);
  const existing = findExisting(path);
  const fileSystem = findFileSystem(realpathSync(existing), root);
  const space = await statfs(existing).catch(() => undefined);
  return {
    path,
    existing,
    fileSystem: fileSystem ?? null,
    isNetwork: fileSystem !== undefined && NETWORK.test(fileSystem),
    freeBytes: space ? space.bavail * space.bsize : null,
    // A file system without a table of inodes says 0 of 0.
    freeInodes: space && space.files > 0 ? space.ffree : null,
  };
}

function findExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : findExisting(dirname(path));
}

/** The type of the file system that is mounted nearest above `path`; `undefined` where `/proc` does not say. */
export function findFileSystem(path: string, root: string): string | undefined {
  let nearest = { point: '', type: undefined as string | undefined };
  for (const line of readMounts(root)) {
    const [mount = '', rest = ''] = line.split(' - ');
    const point = mount
      .split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    if (point === undefined) continue;
    const isAbove = point === '/' || path === point || path.startsWith(point + sep);
    // Of two mounts at one point the later one hides the other.
    if (isAbove && point.length >= nearest.point.length) nearest = { point, type: rest.split(' ')[0] };
  }
  return nearest.type;
}

function readMounts(root: string): string[] {
  try {
    return readFileSync(resolve(root, 'proc/self/mountinfo'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

import { DOCTOR_DESCRIPTORS, DOCTOR_INODES } from '../../limits.js';
import { formatBytes, formatCount } from '../../format.js';
import type { Report } from './report.js';

/** What of `facts` may stand in the way of a build, a sentence each. */
export function findWarnings({ limits, folder, disk, config }: Omit<Report, 'warnings'>): string[] {
  const { openFiles, fileBytes } = limits;
  const { isNetwork, fileSystem, freeInodes } = folder;
  const warnings: (string | false)[] = [
    isNetwork &&
      `${String(fileSystem)} is a network file system: slower, and only as safe as its server's syncs; build on a local disk where you can`,
    (fileSystem === 'tmpfs' || fileSystem === 'ramfs') && 'the folder is in memory: a reboot empties it',
    openFiles !== null &&
      openFiles < DOCTOR_DESCRIPTORS &&
      `${formatCount(openFiles)} open files are few: "ulimit -n 65536" makes large builds faster`,
    typeof fileBytes === 'number' && `files may have ${formatBytes(fileBytes)} at most ("ulimit -f")`,
    freeInodes !== null &&
      freeInodes < DOCTOR_INODES &&
      `only ${formatCount(freeInodes)} files can be made in the folder`,
    typeof disk?.error === 'string' && `the disk could not be measured in full: ${disk.error}`,
    config.error !== undefined && `the config is not usable: ${config.error}`,
  ];
  return warnings.filter((warning) => warning !== false);
}

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotTested } from '../fault.js';
import { runProgram } from './command.js';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const SCRIPT = `mount --bind "$0" ${BOOT_ID} && exec "$@"`;

let mayUnshare: Promise<boolean> | undefined;

/** What runs a command in a network of its own, where no name is taken. Throws a NotTested where that is not allowed. */
export async function inOwnNetwork(): Promise<readonly string[]> {
  mayUnshare ??= runProgram('unshare', '--net', 'true').then(
    () => true,
    () => false,
  );
  if (!(await mayUnshare)) throw new NotTested('unshare --net');
  return ['unshare', '--net'];
}

/**
 * What runs a command as if the machine had rebooted: with another boot id, and in a network of its own, where no name is
 * taken. `folder` takes the file with the id. Throws a NotTested where that is not allowed.
 */
export async function afterReboot(folder: string): Promise<readonly string[]> {
  const path = join(folder, `boot-${randomUUID()}`);
  writeFileSync(path, `${randomUUID()}\n`);
  const through = ['unshare', '--mount', '--net', 'sh', '-c', SCRIPT, path];
  await runProgram('unshare', ...through.slice(1), 'cat', BOOT_ID).catch(() => {
    throw new NotTested('unshare --mount with a boot id of its own');
  });
  return through;
}

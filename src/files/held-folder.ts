import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Linux names what a process holds open here: such a path leads to the very folder that was opened, whatever its name is by now. */
const HELD = '/proc/self/fd';

/**
 * Opens the folder that `names` lead to from `folder` on, each of them a folder in the one before, and runs `use` with a path
 * to it that stays with it, even if something else takes one of the names meanwhile. Where the system has no such paths, it is
 * the plain path. Throws ENOTDIR or ELOOP where a name is that of a link or a file, and what `use` throws.
 */
export async function inHeldFolder<T>(
  folder: string,
  names: readonly string[],
  use: (path: string) => T | Promise<T>,
): Promise<T> {
  const [name, ...further] = names;
  if (name === undefined) return use(folder);
  const path = join(folder, name);
  // Windows cannot open a folder at all.
  if (process.platform === 'win32') return inHeldFolder(path, further, use);
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const held = `${HELD}/${handle.fd}`;
    const isNamed = await access(held).then(
      () => true,
      () => false,
    );
    return await inHeldFolder(isNamed ? held : path, further, use);
  } finally {
    await handle.close();
  }
}

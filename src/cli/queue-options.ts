import { holdsPassword, parseQueueAddress, type QueueAddress } from '../distributed/queue-address.js';
import { certificateUnused, queueFileUnreadable, queueMissing } from '../errors.js';
import { readNamedFile } from '../files/named-file.js';
import { NAMED_FILE_LIMITS } from '../limits.js';
import type { Flags } from './flags.js';
import { findSetting } from './options.js';
import { writeNotice } from './output.js';

/** The queue that is meant; undefined where none is named. Rejects with a usage error that names the bad flag or variable. */
export async function findQueue(flags: Flags): Promise<QueueAddress | undefined> {
  const queue = findSetting(flags, 'queue');
  const file = queue?.name === '--queue' ? undefined : findSetting(flags, 'queueFile');
  const url = file ? { text: await readNamed(file), name: file.name } : queue;
  if (!url) return undefined;
  const caFile = findSetting(flags, 'queueCa');
  const ca = caFile && (await readNamed(caFile));
  const address = parseQueueAddress(url.text, url.name, ca);
  if (caFile && !address.isEncrypted) throw certificateUnused(caFile.name);
  // Whoever may list processes reads the command line.
  if (url.name === '--queue' && holdsPassword(address))
    writeNotice(
      'warning: --queue holds a password, which the process list shows: use SIGTABLES_QUEUE or --queue-file',
    );
  return address;
}

/** The queue that is meant. Rejects as `findQueue` does, and where none is named. */
export async function resolveQueue(flags: Flags): Promise<QueueAddress> {
  const address = await findQueue(flags);
  if (!address) throw queueMissing();
  return address;
}

async function readNamed({ text: path, name }: { text: string; name: string }): Promise<string> {
  const content = await readNamedFile(path, NAMED_FILE_LIMITS).catch((error: Error) => {
    throw queueFileUnreadable(name, path, error);
  });
  return content.toString();
}

import { fsync, fdatasync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Layout } from '../layouts/layout.js';
import { SYNCS_AT_ONCE } from '../limits.js';
import type { HeldFiles } from '../pool/held-files.js';
import { syncFolder } from '../tables/durable.js';

const syncDescriptor = promisify(process.platform === 'linux' ? fdatasync : fsync);

/** Brings table files to the disk, several at once: the file system joins their commits. */
export class TableSyncer {
  readonly #folder: string;
  readonly #layout: Layout;
  readonly #held: HeldFiles;

  constructor(folder: string, layout: Layout, held: HeldFiles) {
    this.#folder = folder;
    this.#layout = layout;
    this.#held = held;
  }

  /** Syncs the files `[from, to)` for which `wants` says so, and the folder. Throws what the system throws. */
  async sync(from: number, to: number, wants: (file: number) => boolean): Promise<void> {
    let next = from;
    const syncNext = async (): Promise<void> => {
      while (next < to) {
        const file = next++;
        if (wants(file)) await this.#syncFile(file);
      }
    };
    await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncNext));
    await syncFolder(this.#folder);
  }

  async #syncFile(file: number): Promise<void> {
    const held = this.#held.descriptorOf(file);
    if (held !== undefined) {
      await syncDescriptor(held);
      if (this.#layout.ownsFiles) this.#held.release(file);
      return;
    }
    const handle = await open(join(this.#folder, this.#layout.fileName(file)), 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }
}

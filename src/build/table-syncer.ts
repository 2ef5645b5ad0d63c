import { fsync, fdatasync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SYNCS_AT_ONCE } from '../limits.js';
import type { HeldFiles } from '../pool/held-files.js';
import { syncFile, syncFolder } from '../tables/durable.js';
import { forEachAtOnce } from './at-once.js';

const syncDescriptor = promisify(process.platform === 'linux' ? fdatasync : fsync);

/** The names of table files; `ownsFiles` where each is written by one job alone, and needed no more once it is synced. */
export interface SyncedFiles {
  readonly ownsFiles: boolean;
  fileName(file: number): string;
}

/** Brings table files to the disk, several at once: the file system joins their commits. */
export class TableSyncer {
  readonly #folder: string;
  readonly #files: SyncedFiles;
  readonly #held: HeldFiles;

  constructor(folder: string, files: SyncedFiles, held: HeldFiles) {
    this.#folder = folder;
    this.#files = files;
    this.#held = held;
  }

  /** Syncs the files `[from, to)` for which `wants` says so, and the folder. Throws what the system throws. */
  async sync(from: number, to: number, wants: (file: number) => boolean): Promise<void> {
    const files = Array.from({ length: to - from }, (_, index) => from + index).filter(wants);
    await forEachAtOnce(files, SYNCS_AT_ONCE, (file) => this.#syncFile(file));
    await syncFolder(this.#folder);
  }

  async #syncFile(file: number): Promise<void> {
    const held = this.#held.descriptorOf(file);
    if (held !== undefined) {
      await syncDescriptor(held);
      if (this.#files.ownsFiles) this.#held.release(file);
      return;
    }
    await syncFile(join(this.#folder, this.#files.fileName(file)));
  }
}

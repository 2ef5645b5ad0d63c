import { join } from 'node:path';
import { tablesClosed } from '../errors.js';
import { KEPT_OPEN_SHARDS } from '../limits.js';
import type { ShardedManifest } from './manifest.js';
import { PlainTables } from './plain-tables.js';
import { openShard } from './shard-folder.js';
import { chooseMaxOpen } from './table-files.js';
import type { OpenOptions } from './tables.js';

/** The shards of a sharded table set, opened as they are needed: the least recently used are closed for others. */
export class OpenShards {
  readonly #folder: string;
  readonly #set: ShardedManifest;
  readonly #maxOpen: number;
  readonly #maxOpenFiles: number;
  /** By number, the least recently used first. */
  readonly #open = new Map<number, PlainTables>();
  /** How many streams read from a shard: it is not closed for another one. */
  readonly #users = new Map<number, number>();
  #isClosed = false;

  constructor(
    folder: string,
    set: ShardedManifest,
    { maxOpenFiles = chooseMaxOpen() }: OpenOptions,
    maxOpen = KEPT_OPEN_SHARDS,
  ) {
    this.#folder = folder;
    this.#set = set;
    this.#maxOpen = Math.max(1, Math.min(maxOpen, set.shards.length, maxOpenFiles));
    this.#maxOpenFiles = Math.floor(maxOpenFiles / this.#maxOpen);
  }

  /** The shard of this number, open until others are asked for. Throws TABLES where it is not what the set's manifest says. */
  at(index: number): PlainTables {
    if (this.#isClosed) throw tablesClosed(this.#folder);
    const tables = this.#open.get(index) ?? this.#openShard(index);
    this.#open.delete(index);
    this.#open.set(index, tables);
    return tables;
  }

  /** Reads from a shard for as long as `read` goes on. Throws as `at` does. */
  async *stream<T>(
    index: number,
    read: (tables: PlainTables) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const tables = this.at(index);
    this.#users.set(index, (this.#users.get(index) ?? 0) + 1);
    try {
      yield* read(tables);
    } finally {
      this.#users.set(index, (this.#users.get(index) ?? 0) - 1);
    }
  }

  /** Closes all shards; nothing can be read from then on. */
  close(): void {
    this.#isClosed = true;
    for (const tables of this.#open.values()) tables.close();
    this.#open.clear();
  }

  #openShard(index: number): PlainTables {
    const shard = this.#set.shards[index];
    if (!shard) throw new RangeError(`no shard ${index}`);
    const view = openShard(this.#folder, this.#set, shard);
    this.#makeRoom();
    return new PlainTables(join(this.#folder, shard.folder), view, { maxOpenFiles: this.#maxOpenFiles });
  }

  #makeRoom(): void {
    for (const [index, tables] of this.#open) {
      if (this.#open.size < this.#maxOpen) return;
      if ((this.#users.get(index) ?? 0) > 0) continue;
      this.#open.delete(index);
      tables.close();
    }
  }
}

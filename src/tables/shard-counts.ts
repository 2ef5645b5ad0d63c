import { KEPT_SHARD_COUNTS } from '../limits.js';
import { findSignature } from '../signatures/registry.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { ShardedManifest } from './manifest.js';

/** How the numbers of each bucket are spread over the shards: by the closed form, or asked of every shard. */
export class ShardCounts {
  readonly #set: ShardedManifest;
  readonly #form: ClosedForm | undefined;
  readonly #countIn: (shard: number, key: string) => bigint;
  /** By key: how many of its numbers come before each shard, and at the end, in all. */
  readonly #known = new Map<string, readonly bigint[]>();

  /** `countIn` asks a shard how many numbers it has of a key. */
  constructor(set: ShardedManifest, countIn: (shard: number, key: string) => bigint) {
    const { name, version, fileHash } = set.signature;
    this.#set = set;
    this.#form = findSignature(name, version, fileHash)?.closedForm;
    this.#countIn = countIn;
  }

  /** How many numbers have the key. */
  total(key: string): bigint {
    return this.before(key, this.#set.shards.length);
  }

  /** How many numbers of the key are in shards below `shard`. */
  before(key: string, shard: number): bigint {
    const { shards, range } = this.#set;
    if (!this.#form) return this.#listBefore(key)[shard] ?? 0n;
    const end = shards[shard]?.range.start ?? range.end;
    return this.#form.rank(key, end) - this.#form.rank(key, range.start);
  }

  /** The shard that has the number at `index`, which is there. */
  shardOf(key: string, index: bigint): number {
    let [low, high] = [0, this.#set.shards.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.before(key, middle) <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  #listBefore(key: string): readonly bigint[] {
    const known = this.#known.get(key);
    if (known) return known;
    const before = [0n];
    for (let shard = 0; shard < this.#set.shards.length; shard++)
      before.push(before[shard]! + this.#countIn(shard, key));
    if ((this.#known.size + 1) * before.length > KEPT_SHARD_COUNTS) this.#known.clear();
    this.#known.set(key, before);
    return before;
  }
}

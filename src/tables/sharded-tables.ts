import { tablesHoldLists, tablesHoldValues, valueInEachJob, valuesNotCombinable } from '../errors.js';
import { toBigint, toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import type { MemberSelection } from '../signatures/closed-form.js';
import { findSignature } from '../signatures/registry.js';
import type { Signature } from '../signatures/signature.js';
import { combineValues, type PartValue } from './combine-values.js';
import { parseExactJson, type JsonValue } from './exact-json.js';
import type { Manifest, ShardedManifest } from './manifest.js';
import type { MemberBlock } from './member-blocks.js';
import { OpenShards } from './open-shards.js';
import { ShardCounts } from './shard-counts.js';
import {
  parseMembers,
  type BucketExtent,
  type FoundNumber,
  type OpenOptions,
  type Tables,
} from './tables.js';

/** A table set that consists of others: each question goes to the shards that can answer it. */
export class ShardedTables implements Tables {
  readonly #folder: string;
  readonly #set: ShardedManifest;
  readonly #signature: Signature | undefined;
  readonly #shards: OpenShards;
  readonly #counts: ShardCounts;

  /** @internal */
  constructor(folder: string, set: ShardedManifest, options: OpenOptions) {
    const { name, version, fileHash } = set.signature;
    this.#folder = folder;
    this.#set = set;
    this.#signature = findSignature(name, version, fileHash);
    this.#shards = new OpenShards(folder, set, options);
    this.#counts = new ShardCounts(set, (shard, key) => BigInt(this.#shards.at(shard).count(key)));
  }

  get manifest(): Manifest {
    return this.#set;
  }

  get aggregate(): string | undefined {
    return this.#set.aggregate;
  }

  signatures(): string[] {
    const found = new Set<string>();
    for (const shard of this.#set.shards.keys())
      for (const signature of this.#shards.at(shard).signatures()) found.add(signature);
    return [...found];
  }

  buckets(): Iterable<BucketExtent> {
    const found = new Map<string, BucketExtent>();
    for (const shard of this.#set.shards.keys())
      for (const { key, count, first, last } of this.#shards.at(shard).buckets()) {
        const before = found.get(key) ?? { count: 0n, first };
        found.set(key, { key, count: before.count + count, first: before.first, last });
      }
    return found.values();
  }

  value(signature: string): JsonValue | undefined {
    const text = this.valueText(signature);
    return text === undefined ? undefined : parseExactJson(text);
  }

  valueText(signature: string): string | undefined {
    const { aggregate, layout } = this.#set;
    if (aggregate === undefined) throw tablesHoldLists(this.#folder);
    if (layout === 'job') {
      this.#refuseValueOfJobs(signature);
      return undefined;
    }
    const values: PartValue[] = [];
    for (const shard of this.#set.shards.keys()) {
      const value = this.#shards.at(shard).partValue(signature);
      if (value) values.push(value);
    }
    if (values.length === 0) return undefined;
    const combined = combineValues(aggregate, values);
    if ('why' in combined) throw valuesNotCombinable(this.#folder, signature, combined.why);
    return combined.text;
  }

  signatureOf(n: WholeNumber): string {
    const value = toBigint(n);
    if (this.#signature) return this.#signature.keyOf(value);
    const shard = this.#shardAround(value);
    if (shard === undefined) throw new RangeError(`${value} is not in the tables`);
    return this.#shards.at(shard).signatureOf(value);
  }

  count(signature: string): WholeNumber {
    return toWholeNumber(this.#counts.total(signature));
  }

  at(signature: string, index: WholeNumber): WholeNumber | undefined {
    const wanted = toBigint(index);
    this.#requireLists();
    if (wanted < 0n || wanted >= this.#counts.total(signature)) return undefined;
    const shard = this.#counts.shardOf(signature, wanted);
    return this.#shards.at(shard).at(signature, wanted - this.#counts.before(signature, shard));
  }

  indexOf(n: WholeNumber): WholeNumber | undefined {
    return this.find(n)?.index;
  }

  has(n: WholeNumber): boolean {
    const value = toBigint(n);
    this.#requireLists();
    const shard = this.#shardAround(value);
    return shard !== undefined && this.#shards.at(shard).has(value);
  }

  find(n: WholeNumber): FoundNumber | undefined {
    const value = toBigint(n);
    this.#requireLists();
    const shard = this.#shardAround(value);
    const found = shard === undefined ? undefined : this.#shards.at(shard).find(value);
    if (!found || shard === undefined) return undefined;
    const index = this.#counts.before(found.signature, shard) + BigInt(found.index);
    const { folder = '' } = this.#set.shards[shard] ?? {};
    return { ...found, index: toWholeNumber(index), file: `${folder}/${found.file}` };
  }

  members(signature: string, selection?: MemberSelection): AsyncGenerator<WholeNumber, void, undefined> {
    return parseMembers(this.readText(signature, selection));
  }

  async *readText(
    signature: string,
    { from = 0, limit }: MemberSelection = {},
  ): AsyncGenerator<MemberBlock, void, undefined> {
    this.#requireLists();
    const total = this.#counts.total(signature);
    const first = toBigint(from);
    if (first < 0n || first >= total) return;
    const wanted = limit === undefined ? total : first + toBigint(limit);
    const end = wanted < total ? wanted : total;
    for (let at = first; at < end;) {
      const shard = this.#counts.shardOf(signature, at);
      const before = this.#counts.before(signature, shard);
      const selection = { from: at - before, limit: end - at };
      yield* this.#shards.stream(shard, (tables) => tables.readText(signature, selection));
      at = this.#counts.before(signature, shard + 1);
    }
  }

  close(): void {
    this.#shards.close();
  }

  #requireLists(): void {
    const { aggregate } = this.#set;
    if (aggregate !== undefined) throw tablesHoldValues(this.#folder, aggregate);
  }

  /** The shard whose range `n` is in. */
  #shardAround(n: bigint): number | undefined {
    const { shards, range } = this.#set;
    if (n < range.start || n >= range.end) return undefined;
    let [low, high] = [0, shards.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((shards[middle]?.range.start ?? n) <= n) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Throws USAGE for a signature that any shard has. */
  #refuseValueOfJobs(signature: string): void {
    const files: string[] = [];
    for (const [shard, { folder }] of this.#set.shards.entries()) {
      const found = this.#shards.at(shard).findValueFiles(signature) ?? [];
      files.push(...found.map((file) => `${folder}/${file}`));
    }
    const [first] = files;
    if (first !== undefined) throw valueInEachJob(this.#folder, signature, first, files.at(-1) ?? first);
  }
}

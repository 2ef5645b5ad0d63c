import type { BuildEvent } from '../build/options.js';
import type { ManifestShard, ShardedManifest } from '../tables/manifest.js';
import type { VerifyOptions } from './options.js';
import { describeSet, describeWork } from './table-set.js';

/** Tells how far the check of a sharded table set is: its jobs are the shards, its bytes those of all their files. */
export class ShardProgress {
  readonly #set: ShardedManifest;
  readonly #tell: (event: BuildEvent) => void;
  /** Bytes that are looked at, by the shards that are begun. */
  readonly #bytes = new Map<ManifestShard, bigint>();
  #bytesDone = 0n;
  #shardsDone = 0;

  constructor(set: ShardedManifest, { folder, cpus, onEvent }: VerifyOptions) {
    this.#set = set;
    this.#tell = (event) => onEvent?.(event);
    const plan = describeWork(describeSet(folder, set), set.shards.length);
    const none = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
    this.#tell({ type: 'started', work: 'checking', plan, out: folder, cpus, ...none });
  }

  /** Takes what the check of a shard tells. */
  watch(shard: ManifestShard): (event: BuildEvent) => void {
    return (event) => {
      if (event.type === 'notice') this.#tell(event);
      if (event.type === 'job-done') this.#advance(shard, event.bytesDone);
    };
  }

  /** A shard is checked, or there is nothing of it to check. */
  end(shard: ManifestShard): void {
    this.#shardsDone += 1;
    this.#advance(shard, shard.bytes);
  }

  #advance(shard: ManifestShard, bytesDone: bigint): void {
    this.#bytesDone += bytesDone - (this.#bytes.get(shard) ?? 0n);
    this.#bytes.set(shard, bytesDone);
    const { count, bytes } = this.#set;
    const numbersDone = bytes === 0n ? count : (count * this.#bytesDone) / bytes;
    const done = { jobsDone: this.#shardsDone, numbersDone, bytesDone: this.#bytesDone };
    this.#tell({ type: 'job-done', job: this.#shardsDone, ...done });
  }
}

import { relative, resolve } from 'node:path';
import type { RunOptions } from '../build/options.js';
import { shardNameUnfit, SigtablesError, systemFailed } from '../errors.js';
import { isPlainFileName } from '../tables/manifest-consistency.js';
import type { ShardedManifest } from '../tables/manifest.js';
import { writeShardedSet } from './write-sharded-set.js';

/** Which table sets are to be one sharded set, and where. */
export interface ShardingOptions extends Pick<RunOptions, 'out' | 'sync'> {
  /** The folders of the table sets, in any order: all of them lie in `out`. */
  readonly folders: readonly string[];
}

export interface ShardingResult {
  readonly outcome: 'listed';
  readonly out: string;
  readonly manifest: ShardedManifest;
}

/** Makes a sharded table set of table sets that lie in its folder, without copying. Throws as `writeShardedSet` does. */
export async function listShards({ folders, out, sync }: ShardingOptions): Promise<ShardingResult> {
  const names = folders.map((folder) => relative(resolve(out), resolve(folder)));
  const apart = names.findIndex((name) => !isPlainFileName(name));
  if (apart >= 0) throw shardNameUnfit(out, folders[apart] ?? '');
  try {
    return { outcome: 'listed', out, manifest: await writeShardedSet(out, names, { sync }) };
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (error instanceof SigtablesError || failure.code === undefined) throw error;
    throw systemFailed(out, failure, 'the shards are as they were');
  }
}

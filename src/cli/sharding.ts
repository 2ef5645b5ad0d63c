import { flagsExclude } from '../errors.js';
import type { ShardingOptions, ShardingResult } from '../merge/list-shards.js';
import type { Flags } from './flags.js';
import { formatBytes, formatCount } from '../format.js';
import { resolveMerge } from './options.js';
import { writeJson, writeResult } from './output.js';
import type { PrintContext } from './reported-run.js';

/** What `merge --sharded` is to list, and where; throws a USAGE error that names the bad flag. */
export function resolveSharding(folders: readonly string[], flags: Flags): ShardingOptions {
  for (const flag of ['layout', 'chunk', 'force'])
    if (flags[flag] !== undefined) throw flagsExclude('--sharded', `--${flag}`);
  const { out, sync } = resolveMerge(flags);
  return { folders, out, sync };
}

/** Prints what a sharded table set consists of. */
export function printShardingResult(
  { out, manifest }: ShardingResult,
  { isJson, isQuiet }: PrintContext<object>,
): void {
  const { range, layout, count, bytes, shards } = manifest;
  if (isJson) {
    const folders = shards.map(({ folder }) => folder);
    writeJson('merge', { out, sharded: true, range, layout, numbers: count, bytes, shards: folders });
  } else if (!isQuiet) {
    const numbers = `${formatCount(count)} numbers, ${formatBytes(bytes)}, layout ${layout}`;
    writeResult(`Listed ${formatCount(shards.length)} shards in ${out}: one table set (${numbers})`);
  }
}

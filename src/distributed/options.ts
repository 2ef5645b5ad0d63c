import type { BuildOptions } from '../build/options.js';
import type { QueueAddress } from './queue-address.js';

/** What a build that other machines share is asked to do. */
export interface QueuedBuildOptions extends BuildOptions {
  readonly address: QueueAddress;
  /** The folder that all machines share, `--out` being in it; the parent of `--out` unless given. */
  readonly root: string | undefined;
  /** Whether the jobs' tables become one plain table set; else each job's is a shard of a sharded one. */
  readonly merges: boolean;
}

import type { BuildEvent } from '../build/options.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';

/** What a check is asked to do; everything is validated before it gets here. */
export interface VerifyOptions {
  /** The folder of the table set, as the user wrote it (messages quote it). */
  readonly folder: string;
  /** Look at every number, too, not at the checksums alone. */
  readonly deep: boolean;
  /** The signature from a file, for keys to be recomputed with; those of the built-in one need none. */
  readonly plugIn?: LoadedSignature | undefined;
  /** Write files that are damaged or missing anew. */
  readonly repair: boolean;
  /** Worker threads, at least 1. */
  readonly cpus: number;
  /** Aborted when the check is to stop. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BuildEvent) => void;
}

/** What is wrong with a file of a table set. */
export interface TableFault {
  readonly file: string;
  /** In words. */
  readonly what: string;
  /** Where the first wrong byte, or the number that it is in, begins: bytes from the start of the file. */
  readonly offset?: number;
  /** What is wrong there, in words. */
  readonly detail?: string;
}

/** What was found, and how long the whole verification took. */
export interface VerifyResult extends CheckResult {
  readonly elapsedMs: number;
}

/** What was found of a table set, or of a shard. */
export interface CheckResult {
  /** `repaired`: there were faults, and there are none any more. */
  readonly outcome: 'sound' | 'damaged' | 'repaired' | 'interrupted';
  readonly folder: string;
  readonly deep: boolean;
  /** Whether a deep check has recomputed the key of every number; else it has looked at all that shows without the signature's code. */
  readonly keysChecked?: boolean;
  /** How many shards the table set has; absent where it is not sharded. */
  readonly shards?: number;
  readonly numbers: bigint;
  readonly files: number;
  /** Bytes of all table files together. */
  readonly bytes: bigint;
  /** One for each file that is, or was, not what it should be. */
  readonly faults: readonly TableFault[];
  /** Whether `repair` could mend it: only tables of a signature with a closed form. */
  readonly isRepairable: boolean;
  /** Files in the folder that the manifest does not name. */
  readonly unnamed: readonly string[];
}

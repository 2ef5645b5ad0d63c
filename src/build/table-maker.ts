import type { HeaderRecord } from './journal-records.js';
import type { PlanFacts, SizedPlan } from './options.js';
import type { PlanIdentity } from './plan.js';

/** How the tables of a plan come about: what differs between a build by formula, one through a spool, and a merge. */
export interface TableMaker {
  readonly plan: PlanFacts;
  readonly identity: PlanIdentity;
  /** What it does, for whoever finds the folder locked: `build --range 10..1000`. */
  readonly purpose: string;
  /** The names of the table files, as far as they are known before anything is made. */
  listNames(): Iterable<string>;
  /** What it makes, where it is there already in a form of its own; throws as `make` does. */
  findBuilt?(): Promise<SizedPlan | undefined>;
  /**
   * Makes the tables and the manifest, or goes on with them; `header` heads the journal. The folder is locked, and what was to be
   * replaced is gone. Throws what the system throws, JobErrors and SigtablesErrors; what is done by then is kept.
   */
  make(header: HeaderRecord): Promise<Made>;
}

export type Made =
  | {
      readonly outcome: 'built';
      /** The plan with all sizes, now that they are known. */
      readonly plan: SizedPlan;
      /** Numbers and bytes that this run wrote itself. */
      readonly numbersWritten: bigint;
      readonly bytesWritten: bigint;
      /** Of a sharded table set, how many shards it has. */
      readonly shards?: number;
    }
  | { readonly outcome: 'interrupted'; readonly jobsDone: number; readonly numbersDone: bigint };

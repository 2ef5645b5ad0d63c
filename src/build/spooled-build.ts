import type { AggregateDefinition } from '../aggregates/aggregate.js';
import type { SignatureSource } from '../signatures/plug-in/source.js';
import type { SpoolFile } from '../spool/spool-files.js';
import type { PlanFacts, RunOptions } from './options.js';

/** What is to be carried out where buckets get their places only when all numbers are grouped. */
export interface SpooledBuild {
  readonly options: RunOptions;
  readonly plan: PlanFacts;
  /** Absent for the built-in signature. */
  readonly source: SignatureSource | undefined;
  /** The plug-in's own aggregates. */
  readonly aggregates: Readonly<Record<string, AggregateDefinition>>;
  /** To how many digits the numbers in names of the layout `job` are padded. */
  readonly nameDigits: number;
  /** Into how many parts the keys are divided. */
  readonly partitions: number;
  /** What a worker may use of the memory, in bytes. */
  readonly budgetBytes: number;
  /** What is put together, where it is not what each job has spooled. */
  readonly spoolFiles?: readonly SpoolFile[];
  /** Steps of putting together that were done before the buckets are gathered. */
  readonly stepsBefore?: number;
}

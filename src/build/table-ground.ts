import { resolve } from 'node:path';
import type { Layout } from '../layouts/layout.js';
import { GroupProgress } from '../pool/group-progress.js';
import { HeldFiles } from '../pool/held-files.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { CopyRecipe, JobOutcome, JobTask, PlacedPlugIn, WorkerRecipe } from '../pool/messages.js';
import { countHoldableFiles } from './descriptor-limit.js';
import type { JobGround } from './job-ground.js';
import type { FreshFiles, Ledger } from './ledger.js';
import type { RunOptions, SizedPlan } from './options.js';
import type { Origin } from './origin.js';
import { countNameDigits } from './plan.js';
import { TableSyncer } from './table-syncer.js';

/** What is to be carried out where every fragment has its place beforehand. */
export interface Undertaking {
  readonly options: RunOptions;
  readonly plan: SizedPlan;
  readonly layout: Layout;
  /** The table sets that are merged; absent where the tables are computed. */
  readonly origin: Origin | undefined;
  /** Absent for the built-in signature. */
  readonly plugIn: Omit<PlacedPlugIn, 'progress'> | undefined;
}

/** Jobs that write straight into table files. */
export class TableGround implements JobGround {
  readonly sourceCount: number | undefined;
  readonly #undertaking: Undertaking;
  readonly #ledger: Ledger;
  readonly #held: HeldFiles;
  readonly #syncer: TableSyncer;
  /** Where plug-in code runs. */
  readonly #progress: GroupProgress | undefined;

  constructor(undertaking: Undertaking, ledger: Ledger) {
    const { options, layout, origin, plugIn } = undertaking;
    this.sourceCount = origin?.sets.length;
    this.#undertaking = undertaking;
    this.#ledger = ledger;
    this.#held = new HeldFiles(layout.fileCount, countTableFiles(undertaking));
    this.#progress = plugIn && new GroupProgress();
    this.#syncer = new TableSyncer(resolve(options.out), layout, this.#held);
  }

  startPool(threads: number): WorkerPool<JobTask, JobOutcome> {
    const { options, plan, origin, plugIn } = this.#undertaking;
    const { range, layout, chunk } = plan;
    const recipe: WorkerRecipe = {
      range,
      layout,
      chunk,
      folder: resolve(options.out),
      heldFiles: this.#held.shared,
      nameDigits: countNameDigits(plan),
      ...(plugIn && this.#progress && { plugIn: { ...plugIn, progress: this.#progress.shared } }),
    };
    const { maxMemoryBytes } = options;
    if (!origin) return startWorkerPool('run-job', recipe, threads, { maxMemoryBytes });
    const mayHold = Math.floor(countTableFiles(this.#undertaking) / threads);
    const copyRecipe: CopyRecipe = { ...recipe, sources: origin.sets, mayHold };
    return startWorkerPool('run-copy', copyRecipe, threads, { maxMemoryBytes });
  }

  numberAt(job: number): bigint | undefined {
    return this.#progress?.numberAt(job, this.#undertaking.plan.range.start);
  }

  async sync(what: FreshFiles | 'all'): Promise<void> {
    if (what === 'all') await this.#syncer.sync(0, this.#undertaking.layout.fileCount, () => true);
    // A file without a share has not been written to: it need not exist yet.
    else await this.#syncer.sync(what.from, what.to, (file) => this.#ledger.crcs[file] !== 0);
  }

  stopWrites(): void {
    this.#held.stopWrites();
  }

  close(): void {
    this.#held.releaseAll();
  }
}

/** A merge shares what the process may hold open between its own files and those that it reads. */
function countTableFiles({ options, origin }: Undertaking): number {
  const holdable = countHoldableFiles(options.cpus);
  return origin ? Math.floor(holdable / 2) : holdable;
}

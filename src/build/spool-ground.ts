import { join, resolve } from 'node:path';
import { SYNCS_AT_ONCE } from '../limits.js';
import { GroupProgress } from '../pool/group-progress.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { GroupRecipe, JobOutcome, JobTask } from '../pool/messages.js';
import { syncFile, syncFolder } from '../tables/durable.js';
import { forEachAtOnce } from './at-once.js';
import { listDoneJobs } from './build-journal.js';
import { spoolFileOf, spoolFolderOf } from './commit.js';
import type { JobGround } from './job-ground.js';
import type { FreshFiles, Ledger } from './ledger.js';
import type { SpooledBuild } from './spooled-build.js';
import { nameTableOf } from './spooled-names.js';

/** Jobs that group their numbers into the spool; in the layout `job` they write their table files too. */
export class SpoolGround implements JobGround {
  readonly #build: SpooledBuild;
  readonly #ledger: Ledger;
  readonly #progress = new GroupProgress();
  readonly #stop = new SharedArrayBuffer(4);

  constructor(build: SpooledBuild, ledger: Ledger) {
    this.#build = build;
    this.#ledger = ledger;
  }

  startPool(threads: number): WorkerPool<JobTask, JobOutcome> {
    const { options, plan, source, partitions, nameDigits, heapMb } = this.#build;
    const recipe: GroupRecipe = {
      range: plan.range,
      layout: plan.layout,
      chunk: plan.chunk,
      folder: resolve(options.out),
      spoolFolder: resolve(spoolFolderOf(options.out)),
      nameDigits,
      source,
      aggregate: plan.aggregate,
      partitions,
      budgetBytes: this.#build.budgetBytes,
      progress: this.#progress.shared,
      stop: this.#stop,
    };
    return startWorkerPool('run-group', recipe, threads, { heapMb });
  }

  numberAt(job: number): bigint | undefined {
    return this.#progress.numberAt(job, this.#build.plan.range.start);
  }

  async sync(what: FreshFiles | 'all'): Promise<void> {
    const jobs = what === 'all' ? listDoneJobs(this.#ledger) : what.jobs;
    const paths = jobs.flatMap((job) => this.#pathsOf(job));
    await forEachAtOnce(paths, SYNCS_AT_ONCE, syncFile);
    const { out } = this.#build.options;
    await syncFolder(spoolFolderOf(out));
    if (this.#build.plan.layout === 'job') await syncFolder(out);
  }

  stopWrites(): void {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
  }

  close(): void {}

  #pathsOf(job: number): string[] {
    const { options, plan } = this.#build;
    const spooled = spoolFileOf(options.out, job);
    return plan.layout === 'job' ? [spooled, join(options.out, nameTableOf(plan, job))] : [spooled];
  }
}

import { resolve } from 'node:path';
import { forEachAtOnce } from '../build/at-once.js';
import { listDoneJobs } from '../build/build-journal.js';
import { spoolFileOf, spoolFolderOf } from '../build/commit.js';
import type { JobGround } from '../build/job-ground.js';
import type { FreshFiles, Ledger } from '../build/ledger.js';
import type { SpooledBuild } from '../build/spooled-build.js';
import { SYNCS_AT_ONCE } from '../limits.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask, SpoolCopyJob, SpoolCopyRecipe, SpooledSource } from '../pool/messages.js';
import { syncFile, syncFolder } from '../tables/durable.js';

/** What a merge through a spool reads, and in which jobs. */
export interface CopyWork {
  readonly sources: readonly SpooledSource[];
  readonly jobs: readonly SpoolCopyJob[];
}

/** Jobs that take the tables of sources apart into the spool. */
export class CopyGround implements JobGround {
  readonly sourceCount: number;
  readonly #build: SpooledBuild;
  readonly #ledger: Ledger;
  readonly #work: CopyWork;
  readonly #stop = new SharedArrayBuffer(4);

  constructor(build: SpooledBuild, ledger: Ledger, work: CopyWork) {
    this.#build = build;
    this.#ledger = ledger;
    this.#work = work;
    this.sourceCount = work.sources.length;
  }

  startPool(threads: number): WorkerPool<JobTask, JobOutcome> {
    const { options, plan, partitions } = this.#build;
    const { range, layout, chunk, aggregate } = plan;
    const spoolFolder = resolve(spoolFolderOf(options.out));
    const work = { ...this.#work, range, layout, chunk, aggregate, partitions, spoolFolder };
    const recipe: SpoolCopyRecipe = { ...work, stop: this.#stop };
    return startWorkerPool('run-spool-copy', recipe, threads, { maxMemoryBytes: options.maxMemoryBytes });
  }

  async sync(what: FreshFiles | 'all'): Promise<void> {
    const { out } = this.#build.options;
    const jobs = what === 'all' ? listDoneJobs(this.#ledger) : what.jobs;
    const paths = jobs.map((job) => spoolFileOf(out, job));
    await forEachAtOnce(paths, SYNCS_AT_ONCE, syncFile);
    await syncFolder(spoolFolderOf(out));
  }

  stopWrites(): void {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
  }

  close(): void {}
}

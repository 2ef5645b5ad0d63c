import { join } from 'node:path';
import { SYNCS_AT_ONCE } from '../limits.js';
import { GroupProgress } from '../pool/group-progress.js';
import type { WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask, PlaceOutcome, PlaceTask } from '../pool/messages.js';
import { syncFile, syncFolder } from '../tables/durable.js';
import { forEachAtOnce } from './at-once.js';
import { listDoneJobs } from './build-journal.js';
import { spoolFileOf, spoolFolderOf } from './commit.js';
import type { JobGround } from './job-ground.js';
import type { FreshFiles, Ledger } from './ledger.js';
import { countPlacers, startSpoolThreads, type SpoolThreads } from './spool-threads.js';
import type { SpooledBuild } from './spooled-build.js';
import { nameTableOf } from './spooled-names.js';

/** Jobs that group their numbers into the spool; in the layout `job` they write their table files too. */
export class SpoolGround implements JobGround {
  readonly #build: SpooledBuild;
  readonly #ledger: Ledger;
  readonly #progress = new GroupProgress();
  readonly #stop = new SharedArrayBuffer(4);
  #pool: SpoolThreads | undefined;

  constructor(build: SpooledBuild, ledger: Ledger) {
    this.#build = build;
    this.#ledger = ledger;
  }

  /** As many threads as placing takes, even if fewer jobs are left. */
  startPool(threads: number): WorkerPool<JobTask, JobOutcome> {
    const most = Math.max(threads, countPlacers(this.#build));
    this.#pool = startSpoolThreads(this.#build, most, this.#progress.shared, this.#stop);
    return this.#pool as WorkerPool<JobTask, JobOutcome>;
  }

  /** Either kind of task has its own kind of outcome. */
  get placers(): WorkerPool<PlaceTask, PlaceOutcome> | undefined {
    return this.#pool as WorkerPool<PlaceTask, PlaceOutcome> | undefined;
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

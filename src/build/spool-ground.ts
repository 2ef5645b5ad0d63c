import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nameJobFile } from '../layouts/layout.js';
import { SYNCS_AT_ONCE } from '../limits.js';
import { GroupProgress } from '../pool/group-progress.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { GroupRecipe, JobOutcome, JobTask } from '../pool/messages.js';
import { splitIntoJobs } from '../range/jobs.js';
import { nameSpoolFile } from '../spool/spool-names.js';
import { syncFolder } from '../tables/durable.js';
import { spoolFolderOf } from './commit.js';
import type { JobGround } from './job-ground.js';
import type { FreshFiles, Ledger } from './ledger.js';
import type { SpooledBuild } from './spooled-build.js';

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

  startPool(jobsLeft: number): WorkerPool<JobTask, JobOutcome> {
    const { options, plan, source, partitions, nameDigits, heapMb } = this.#build;
    const threads = Math.max(1, Math.min(options.cpus, jobsLeft));
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
    const offset = this.#progress.offsetOf(job);
    return offset === undefined ? undefined : this.#build.plan.range.start + BigInt(offset);
  }

  async sync(what: FreshFiles | 'all'): Promise<void> {
    const jobs = what === 'all' ? this.#listDone() : what.jobs;
    const paths = jobs.flatMap((job) => this.#pathsOf(job)).values();
    const syncNext = async (): Promise<void> => {
      for (const path of paths) await syncFile(path);
    };
    await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncNext));
    const { out } = this.#build.options;
    await syncFolder(spoolFolderOf(out));
    if (this.#build.plan.layout === 'job') await syncFolder(out);
  }

  stopWrites(): void {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
  }

  close(): void {}

  #listDone(): number[] {
    const jobs = Array.from({ length: this.#ledger.jobCount }, (_, job) => job);
    return jobs.filter((job) => this.#ledger.isDone(job));
  }

  #pathsOf(job: number): string[] {
    const { options, plan, nameDigits } = this.#build;
    const spooled = join(spoolFolderOf(options.out), nameSpoolFile(job));
    if (plan.layout !== 'job') return [spooled];
    const part = splitIntoJobs(plan.range, plan.chunk).at(BigInt(job));
    return [spooled, join(options.out, nameJobFile(part, nameDigits))];
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

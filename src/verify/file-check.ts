import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  checksumDiffers,
  plugInFailedInCheck,
  SigtablesError,
  surplusBytes,
  tableCheckFailed,
  tableCheckerDied,
} from '../errors.js';
import { addSums } from '../checks/bucket-sums.js';
import { familyOf } from '../checks/siblings.js';
import { CHECK_CLAIMED_BYTES } from '../limits.js';
import { startWorkerPool, type WorkerPool } from '../pool/job-pool.js';
import type { JobFailure } from '../pool/messages.js';
import type {
  CheckMode,
  SpanReport,
  VerifyOutcome,
  VerifyRecipe,
  CheckTask,
  VerifyTask,
} from '../pool/verify-messages.js';
import { findSignature } from '../signatures/registry.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { shiftCrc } from '../tables/crc32.js';
import type { ManifestFile } from '../tables/manifest.js';
import type { TableFault } from './options.js';
import { listTasks, type FamilyNamer } from './spans.js';

/** What the reports of a file's spans make together. */
interface FileState {
  crc: number;
  fault: string | undefined;
  isUnreadable: boolean;
  problem: SpanReport['problem'];
}

interface CheckHooks {
  readonly cpus: number;
  readonly isStopped: () => boolean;
  readonly onStart?: (tasks: number) => void;
  readonly onTask?: (doneTasks: number, doneBytes: bigint) => void;
}

/** The threads of a check. */
export type CheckPool = WorkerPool<CheckTask, VerifyOutcome>;

/** Starts the threads of a check. */
export function startCheckPool(cpus: number): CheckPool {
  return startWorkerPool('run-verify', {}, cpus, { tasksPerThread: 2, onDemand: true });
}

/** Checks table files against their manifest entries, on several threads. */
export class FileChecker {
  readonly #recipe: VerifyRecipe;
  readonly #files: readonly ManifestFile[];
  readonly #hooks: CheckHooks;
  /** Files with a fault of which it is not known where it is. */
  readonly #unlocated = new Set<number>();
  readonly #pool: CheckPool;
  /** See `SpanReport.sum`. */
  sum = 0n;

  constructor(pool: CheckPool, recipe: VerifyRecipe, files: readonly ManifestFile[], hooks: CheckHooks) {
    this.#pool = pool;
    this.#recipe = recipe;
    this.#files = files;
    this.#hooks = hooks;
  }

  /**
   * The faults of the chosen files by file number; with `parse`, numbers are looked at, too. Throws IO for what cannot be read
   * for another reason than damage. Stopped, it returns early what it has.
   */
  async findFaults(chosen: readonly number[], parse: boolean): Promise<Map<number, TableFault>> {
    const states = await this.#run(chosen, parse ? 'parse' : 'sum');
    const faults = new Map<number, TableFault>();
    for (const file of chosen) {
      const fault = this.#describe(file, states.get(file));
      if (fault) faults.set(file, fault);
    }
    return faults;
  }

  /** The faults, with the place of the first wrong byte where it was not known. */
  async locate(faults: ReadonlyMap<number, TableFault>): Promise<Map<number, TableFault>> {
    const unlocated = [...faults].filter(([file]) => this.#unlocated.has(file));
    const states = await this.#run(
      unlocated.map(([file]) => file),
      'locate',
    );
    const located = new Map(faults);
    for (const [file, fault] of unlocated) {
      const state = states.get(file);
      if (!state) continue;
      const end = Number(this.#files[file]?.bytes ?? 0);
      const problem =
        state.problem ?? (state.fault === undefined ? undefined : { offset: end, what: surplusBytes() });
      if (problem) located.set(file, { ...fault, offset: problem.offset, detail: problem.what });
    }
    return located;
  }

  #describe(file: number, state: FileState | undefined): TableFault | undefined {
    const { file: name, crc32 } = this.#files[file]!;
    if (!state) return undefined; // stopped before
    if (state.fault !== undefined) {
      if (!state.isUnreadable) this.#unlocated.add(file);
      return { file: name, what: state.fault };
    }
    if (state.problem) return { file: name, what: state.problem.what, offset: state.problem.offset };
    if (state.crc === crc32) return undefined;
    this.#unlocated.add(file);
    return { file: name, what: checksumDiffers() };
  }

  async #run(chosen: readonly number[], mode: CheckMode): Promise<Map<number, FileState>> {
    const states = new Map<number, FileState>();
    const { cpus, isStopped } = this.#hooks;
    const isFirst = mode !== 'locate';
    const isWhole = mode !== 'sum' && this.#recipe.structure !== undefined;
    const namer = chooseNamer(this.#recipe, mode);
    const tasks = listTasks(
      this.#files,
      chosen,
      mode,
      namer,
      claimsMuch(this.#files, chosen) ? (file) => this.#reachOf(file) : undefined,
      isWhole ? Infinity : undefined,
    );
    if (isFirst) this.#hooks.onStart?.(tasks.length);
    let next = 0;
    let done = 0;
    let doneBytes = 0n;
    const failures: unknown[] = [];
    const runLane = async (): Promise<void> => {
      while (next < tasks.length && failures.length === 0 && !isStopped()) {
        const task = tasks[next++]!;
        try {
          for (const [i, report] of (await this.#runTask(task)).entries()) this.#add(states, task, i, report);
        } catch (error) {
          failures.push(error);
        }
        doneBytes += task.spans.reduce((sum, { from, to }) => sum + BigInt(to - from), 0n);
        done += 1;
        if (isFirst) this.#hooks.onTask?.(done, doneBytes);
      }
    };
    // A second task for each thread, so that none waits for the main thread between two.
    await Promise.all(Array.from({ length: 2 * cpus }, runLane));
    if (failures.length > 0) throw failures[0];
    return states;
  }

  /** Bytes of a file that are there, as far as the manifest names them. */
  #reachOf(file: number): number {
    const { file: name, bytes } = this.#files[file]!;
    const claimed = Number(bytes);
    const found = lstatSync(join(this.#recipe.folder, name), { throwIfNoEntry: false });
    return Math.min(claimed, found?.size ?? 0);
  }

  async #runTask(task: VerifyTask): Promise<readonly SpanReport[]> {
    const outcome = await this.#pool.run({ ...task, recipe: this.#recipe }).catch((error: Error) => {
      throw tableCheckerDied(error);
    });
    if (!outcome.ok) throw this.#describeFailure(outcome.failure);
    return outcome.reports;
  }

  #describeFailure(failure: JobFailure): Error {
    const { folder, structure } = this.#recipe;
    if (failure.worded) return new SigtablesError(failure.worded.code, failure.worded.message);
    if (failure.plugIn && structure?.source)
      return plugInFailedInCheck(structure.source.path, failure.plugIn.what, failure.stack);
    return tableCheckFailed(folder, failure);
  }

  #add(states: Map<number, FileState>, { spans }: VerifyTask, index: number, report: SpanReport): void {
    const { file, fileBytes, to } = spans[index]!;
    const state = states.get(file) ?? { crc: 0, fault: undefined, isUnreadable: false, problem: undefined };
    state.crc = (state.crc ^ shiftCrc(report.crc, fileBytes - to)) >>> 0;
    state.fault ??= report.fault;
    state.isUnreadable ||= report.isUnreadable === true;
    this.sum = addSums(this.sum, report.sum ?? 0n);
    const { problem } = report;
    if (problem && problem.offset < (state.problem?.offset ?? Infinity)) state.problem = problem;
    states.set(file, state);
  }
}

/** Whether these files might be cut into more parts than the memory has room for. */
function claimsMuch(files: readonly ManifestFile[], chosen: readonly number[]): boolean {
  return chosen.reduce((sum, file) => sum + Number(files[file]!.bytes), 0) > CHECK_CLAIMED_BYTES;
}

/** Only where each file is one bucket of the built-in signature; faults are looked for file by file. */
function chooseNamer({ signature, layout }: VerifyRecipe, mode: CheckMode): FamilyNamer {
  const isReduced = signature && findSignature(signature.name, signature.version) === reducedSignature;
  if (mode === 'locate' || layout !== 'signature' || !isReduced) return () => undefined;
  return (file) => familyOf(file.replace(/\.json$/, ''))?.name;
}

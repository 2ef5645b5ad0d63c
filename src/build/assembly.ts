import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WRITE_PLAIN } from '../files/plain-file.js';
import { requireAggregate } from '../aggregates/open-aggregate.js';
import { folderHoldsForeignFiles } from '../errors.js';
import { HeldFiles } from '../pool/held-files.js';
import type { PlaceRecipe, PlaceTarget, PlaceTask } from '../pool/messages.js';
import type { RunReceipt } from '../spool/run-format.js';
import { nameRunFile } from '../spool/spool-names.js';
import { crc32 } from '../tables/crc32.js';
import type { ManifestFile } from '../tables/manifest.js';
import { placeAll, type BucketPlaces, type Gathered } from './bucket-places.js';
import type { Resumed } from './build-journal.js';
import { spoolFolderOf } from './commit.js';
import { runPlaceTasks } from './place-runner.js';
import { countHoldableFiles } from './descriptor-limit.js';
import { countPlacers, describeSpool, listSpoolFiles, startPlacers, type Placers } from './spool-threads.js';
import type { SpooledBuild } from './spooled-build.js';
import { TableSyncer } from './table-syncer.js';

/** What a spool came to: the buckets' places, and the table files that they were placed in. */
export interface Assembled {
  readonly gathered: Gathered;
  readonly places: BucketPlaces;
  /** None in the layout `job`: those are of its jobs. */
  readonly files: readonly ManifestFile[];
}

/**
 * Puts the buckets together from what all jobs have spooled; nothing where it was stopped before. `ownNames` are the table files
 * that an earlier run may have made; `threads` are ended, and others started where there are none. Throws USAGE for a file of
 * others in the way, and what the workers throw.
 */
export async function assemble(
  build: SpooledBuild,
  resumed: Resumed,
  ownNames: ReadonlySet<string>,
  threads: Placers | undefined,
): Promise<Assembled | undefined> {
  const assembly = new Assembly(build, resumed, threads ?? startPlacers(build));
  try {
    return await putTogether(assembly, build, resumed, ownNames);
  } finally {
    await assembly.close();
  }
}

async function putTogether(
  assembly: Assembly,
  { options, plan }: SpooledBuild,
  resumed: Resumed,
  ownNames: ReadonlySet<string>,
): Promise<Assembled | undefined> {
  const gathered = await assembly.gather();
  if (!gathered) return undefined;
  const places = placeAll(gathered);
  if (plan.layout === 'job') return { gathered, places, files: [] };
  if (plan.layout === 'signature') {
    await refuseFilesInTheWay(options.out, places.names, ownNames);
    await resumed.journal.append({ type: 'files', names: places.names });
  }
  const files = await assembly.place(places, gathered.runs);
  return files && { gathered, places, files };
}

function shareText(text: string): SharedArrayBuffer {
  const bytes = Buffer.from(text);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

async function refuseFilesInTheWay(
  out: string,
  names: readonly string[],
  own: ReadonlySet<string>,
): Promise<void> {
  const present = new Set(await readdir(out));
  const clash = names.find((name) => present.has(name) && !own.has(name));
  if (clash !== undefined) throw folderHoldsForeignFiles(out, clash, true);
}

class Assembly {
  readonly #build: SpooledBuild;
  readonly #resumed: Resumed;
  readonly #spoolFolder: string;
  readonly #pool: Placers;
  readonly #recipe: PlaceRecipe;
  #stepsDone: number;

  constructor(build: SpooledBuild, resumed: Resumed, pool: Placers) {
    this.#build = build;
    this.#resumed = resumed;
    this.#spoolFolder = resolve(spoolFolderOf(build.options.out));
    this.#pool = pool;
    this.#recipe = describeSpool(build, build.spoolFiles ?? listSpoolFiles(build, resumed.ledger));
    this.#stepsDone = build.stepsBefore ?? 0;
  }

  async gather(): Promise<Gathered | undefined> {
    const { plan, partitions, aggregates } = this.#build;
    const aggregate = requireAggregate(plan.aggregate, aggregates);
    const runs: RunReceipt[] = [];
    const tasks = Array.from({ length: partitions }, (_, partition) => this.#taskFor(partition));
    const isDone = await this.#run(tasks, ({ run }, index) => {
      if (run) runs[index] = run;
    });
    const { layout, range } = plan;
    return isDone
      ? { runs, origin: range.start, aggregate, layout, spoolFolder: this.#spoolFolder }
      : undefined;
  }

  async place(
    places: BucketPlaces,
    runs: readonly RunReceipt[],
  ): Promise<readonly ManifestFile[] | undefined> {
    const { options } = this.#build;
    const { names, fileBytes, lastPlace, path, signatures } = places;
    const held = new HeldFiles(names.length, countHoldableFiles(options.cpus) >> 1);
    const target: PlaceTarget = {
      folder: resolve(options.out),
      names: shareText(names.join('\n')),
      tableBytes: fileBytes[0] ?? 0,
      lastPlace,
      heldFiles: held.shared,
      places: { path, entries: runs.map(({ entries }) => entries) },
    };
    const crcs = new Uint32Array(names.length);
    try {
      if (signatures === 0) return await this.#writeEmptyTable(names);
      const tasks = runs.map((run, partition) => ({
        ...this.#taskFor(partition),
        placing: { run, target },
      }));
      const isDone = await this.#run(tasks, (result) => {
        for (const [file, crc] of result.crcs ?? []) crcs[file]! ^= crc;
      });
      if (!isDone) return undefined;
      if (options.sync) await this.#sync(names, held);
    } finally {
      held.releaseAll();
    }
    return names.map((file, index) => ({
      file,
      bytes: BigInt(fileBytes[index] ?? 0),
      crc32: crcs[index] ?? 0,
    }));
  }

  #taskFor(partition: number): PlaceTask {
    return { recipe: this.#recipe, partition, runPath: join(this.#spoolFolder, nameRunFile(partition)) };
  }

  async #run(tasks: readonly PlaceTask[], onDone: Parameters<typeof runPlaceTasks>[4]): Promise<boolean> {
    const { options, partitions, plan, stepsBefore = 0 } = this.#build;
    const { signal, onEvent = () => undefined } = options;
    const steps = stepsBefore + partitions * (plan.layout === 'job' ? 1 : 2);
    const pool = this.#pool;
    // Nothing of it is recorded: the next run does it anew.
    const endWorkers = (): void => void pool.destroy();
    signal?.addEventListener('abort', endWorkers, { once: true });
    try {
      return await runPlaceTasks(
        pool,
        tasks,
        countPlacers(this.#build),
        () => signal?.aborted === true,
        (result, index) => {
          onDone(result, index);
          onEvent({ type: 'placing', done: ++this.#stepsDone, steps });
        },
      );
    } finally {
      signal?.removeEventListener('abort', endWorkers);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Tables of no buckets have no file in the layout `signature`, and an empty one in the layout `single`. */
  async #writeEmptyTable(names: readonly string[]): Promise<readonly ManifestFile[]> {
    const { options, plan } = this.#build;
    if (plan.layout === 'signature') return [];
    const text = Buffer.from('{}');
    const [file = ''] = names;
    await writeFile(join(options.out, file), text, { flag: WRITE_PLAIN, flush: options.sync });
    return [{ file, bytes: BigInt(text.length), crc32: crc32(text) }];
  }

  async #sync(names: readonly string[], held: HeldFiles): Promise<void> {
    const files = { ownsFiles: false, fileName: (file: number) => names[file] ?? '' };
    const syncer = new TableSyncer(resolve(this.#build.options.out), files, held);
    await syncer.sync(0, names.length, () => true);
  }
}

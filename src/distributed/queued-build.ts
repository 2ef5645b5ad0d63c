import { dirname, resolve } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import { build, planSignature } from '../build/build.js';
import type { BuildResult, PlanFacts } from '../build/options.js';
import {
  isClosed,
  planBuild,
  planPlaced,
  type PlacedSignature,
  type PlannedSignature,
} from '../build/plan.js';
import type { TableMaker } from '../build/table-maker.js';
import { makeThroughSpool } from '../build/spooled-maker.js';
import { makeTableSet } from '../build/table-set.js';
import { queueWithShard } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import {
  QUEUE_CHUNK_MIN,
  QUEUE_JOBS_PER_THREAD,
  QUEUE_SHARDS_SPARE,
  QUEUE_THREADS_ASSUMED,
} from '../limits.js';
import { sizeOf } from '../range/range.js';
import { Board, isSilent } from './board.js';
import { Coordination } from './coordination.js';
import { withDeadline } from './deadline.js';
import type { QueuedBuildOptions } from './options.js';
import { QueueGround } from './queue-ground.js';
import { readQueueRecord } from './queue-record.js';
import { BOARD_QUEUE, openServer, type QueueServer } from './queue-server.js';
import { makeThroughSets } from './set-maker.js';
import { makeThroughShards } from './shard-maker.js';

/**
 * Builds a table set whose jobs the workers of a queue run, or goes on with one: the same bytes as a build here. Throws SigtablesErrors;
 * what is done by then is kept.
 */
export async function buildThroughQueue(given: QueuedBuildOptions): Promise<BuildResult> {
  const { onEvent } = given;
  if (given.shard) throw queueWithShard();
  const { closedForm, ...identity } = planSignature(given.plugIn);
  if (closedForm && isClosed(given)) {
    onEvent?.({ type: 'notice', message: 'this follows from a formula: nothing is given to the queue' });
    return build(given);
  }
  const server = await openServer(given.address);
  const options = { ...given, root: given.root ?? dirname(resolve(given.out)) };
  const purpose = describePurpose(options, identity);
  const chunk = options.chunk ?? (await chooseQueueChunk(server, options, purpose));
  const chunked = { ...options, chunk };
  let coordination: Coordination | undefined;
  const open = async (plan: PlanFacts, planHash: string): Promise<Coordination> =>
    (coordination = await Coordination.open(server, options, plan, purpose, { planHash }));
  const isPlaced = closedForm && given.aggregate === LIST && !given.plugIn;
  const placed = isPlaced ? { ...identity, closedForm } : undefined;
  const maker = !given.merges
    ? makeShardsOf(placed ?? identity, chunked, open)
    : placed
      ? makeSetsOf(placed, chunked, open)
      : makeSpoolOf(identity, chunked, open);
  let isDone = false;
  try {
    const result = await makeTableSet(chunked, maker);
    isDone = result.outcome !== 'interrupted';
    return result;
  } finally {
    await coordination?.close(isDone);
  }
}

type Open = (plan: PlanFacts, planHash: string) => Promise<Coordination>;

function makeSetsOf(signature: PlacedSignature, options: QueuedBuildOptions, open: Open): TableMaker {
  const plan = planPlaced(signature, options);
  return makeThroughSets(options, signature, plan, ({ planHash }) => open(plan, planHash));
}

function makeShardsOf(signature: PlannedSignature, options: QueuedBuildOptions, open: Open): TableMaker {
  const plan = planBuild(signature, options);
  return makeThroughShards(options, plan, ({ planHash }) => open(plan, planHash));
}

function makeSpoolOf(identity: PlanFacts['signature'], options: QueuedBuildOptions, open: Open): TableMaker {
  const plan = planBuild(identity, options);
  return makeThroughSpool(options, plan, async (spooled, ledger, { planHash }) =>
    QueueGround.open(spooled, ledger, await open(plan, planHash)),
  );
}

/** What the same command has in common with its earlier run, before it is known which jobs that one chose. */
function describePurpose(
  { range, layout, aggregate, merges }: QueuedBuildOptions,
  { name, version, fileHash, options }: PlanFacts['signature'],
): string {
  const { start, end } = range;
  const bounds = [String(start), String(end)];
  return JSON.stringify([name, version, fileHash, options, ...bounds, layout, aggregate, merges]);
}

/** Aggregates whose values do not depend on where jobs are cut. */
const UNCUT_AGGREGATES = [LIST, 'count', 'min', 'max'];

/**
 * The numbers per job: those of the earlier run that the folder holds; else, where the bytes do not depend on it, few enough that each
 * thread that is there gets ten jobs.
 */
async function chooseQueueChunk(
  server: QueueServer,
  { out, range, layout, aggregate, merges, onEvent }: QueuedBuildOptions,
  purpose: string,
): Promise<bigint> {
  const earlier = await readQueueRecord(out);
  if (earlier?.purpose === purpose) return BigInt(earlier.chunk);
  const threads = (await countThreads(server)) ?? QUEUE_THREADS_ASSUMED;
  const wanted = QUEUE_JOBS_PER_THREAD * BigInt(threads);
  const usual = chooseChunk(range, layout === 'job' ? 'job' : 'single');
  let chunk = usual;
  while (chunk > QUEUE_CHUNK_MIN && sizeOf(range) / chunk < wanted) chunk = halve(chunk);
  if (!merges && layout !== 'job') return growChunk(chunk, sizeOf(range) / (wanted * QUEUE_SHARDS_SPARE));
  if (chunk === usual || (layout !== 'job' && UNCUT_AGGREGATES.includes(aggregate))) return chunk;
  const message = `${sizeOf(range) / usual} jobs are few for ${threads} threads: --chunk ${chunk} makes more, but other tables`;
  onEvent?.({ type: 'notice', message });
  return usual;
}

/** The next of 1, 2, 5, 10, 20, … downwards. */
function halve(chunk: bigint): bigint {
  return String(chunk).startsWith('5') ? (chunk / 5n) * 2n : chunk / 2n;
}

/** The least of `chunk` and the next of 1, 2, 5, 10, … that is at least `numbers`. */
function growChunk(chunk: bigint, numbers: bigint): bigint {
  let grown = chunk;
  while (grown < numbers) grown = String(grown).startsWith('2') ? (grown * 5n) / 2n : grown * 2n;
  return grown;
}

/** The threads of the machines that are there; undefined where none is. */
async function countThreads(server: QueueServer): Promise<number | undefined> {
  const queue = server.openQueue(BOARD_QUEUE);
  queue.on('error', () => undefined);
  try {
    const { machines } = await withDeadline(new Board(queue).read());
    const threads = machines.filter((machine) => !isSilent(machine)).map((machine) => machine.threads);
    return threads.length === 0 ? undefined : threads.reduce((sum, count) => sum + count, 0);
  } finally {
    await queue.close();
  }
}

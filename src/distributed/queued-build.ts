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
import { buildCancelled, queueWithShard } from '../errors.js';
import { joinSignals } from '../join-signals.js';
import { QUEUE_THREADS_ASSUMED } from '../limits.js';
import { sizeOf } from '../range/range.js';
import { Board, isSilent } from './board.js';
import { Coordination } from './coordination.js';
import { withDeadline } from './deadline.js';
import type { QueuedBuildOptions } from './options.js';
import { chooseQueueChunk } from './queue-chunk.js';
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
  const signature = planSignature(given.plugIn);
  const { closedForm, ...identity } = signature;
  if (isClosed(signature, given)) {
    onEvent?.({ type: 'notice', message: 'this follows from a formula: nothing is given to the queue' });
    return build(given);
  }
  const server = await openServer(given.address);
  const cancelling = new AbortController();
  const signal = joinSignals(given.signal, cancelling.signal);
  const options = { ...given, signal, root: given.root ?? dirname(resolve(given.out)) };
  const purpose = describePurpose(options, identity);
  const isPlaced = closedForm !== undefined && given.aggregate === LIST && !given.plugIn;
  const chunk = options.chunk ?? (await findChunk(server, options, purpose, isPlaced));
  const chunked = { ...options, chunk };
  let coordination: Coordination | undefined;
  const open = async (plan: PlanFacts, planHash: string): Promise<Coordination> =>
    (coordination = await Coordination.open({ server, cancelling }, options, plan, purpose, { planHash }));
  const placed = isPlaced ? { ...identity, closedForm } : undefined;
  const makeMaker = (running: QueuedBuildOptions): TableMaker => {
    if (!given.merges) return makeShardsOf(placed ?? identity, running, open);
    return placed ? makeSetsOf(placed, running, open) : makeSpoolOf(identity, running, open);
  };
  let isDone = false;
  try {
    const result = await makeTableSet(chunked, makeMaker);
    isDone = result.outcome !== 'interrupted';
    if (!isDone && coordination?.isCancelled === true) throw buildCancelled(coordination.build);
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

/** The numbers per job: those of the earlier run that the folder holds; else by the threads that are there. */
async function findChunk(
  server: QueueServer,
  options: QueuedBuildOptions,
  purpose: string,
  isPlaced: boolean,
): Promise<bigint> {
  const { out, range, onEvent } = options;
  const earlier = readQueueRecord(out);
  if (earlier?.purpose === purpose) return BigInt(earlier.chunk);
  const threads = (await countThreads(server)) ?? QUEUE_THREADS_ASSUMED;
  const { chunk, advice } = chooseQueueChunk({ ...options, threads, isPlaced });
  if (advice !== undefined) {
    const message = `${sizeOf(range) / chunk} jobs are few for ${threads} threads: --chunk ${advice} makes more, but other tables`;
    onEvent?.({ type: 'notice', message });
  }
  return chunk;
}

/** The threads of the machines that are there; undefined where none is. */
async function countThreads(server: QueueServer): Promise<number | undefined> {
  const queue = server.openQueue(BOARD_QUEUE);
  queue.on('error', () => undefined);
  try {
    const { machines, nowMs } = await withDeadline(new Board(queue, server).read());
    const threads = machines.filter((machine) => !isSilent(machine, nowMs)).map((machine) => machine.threads);
    return threads.length === 0 ? undefined : threads.reduce((sum, count) => sum + count, 0);
  } finally {
    await queue.close();
  }
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderHoldsOtherBuild } from '../errors.js';
import { layOut } from '../layouts/layout.js';
import { DISK_BLOCK_BYTES } from '../limits.js';
import { plannedReduced } from '../signatures/reduced/signature.js';
import { VERSION } from '../package.js';
import { readJournalPlan } from './build-journal.js';
import type { HeaderRecord } from './journal-records.js';
import { inspectFolder, listNames, listOwnNames, refuseForeignContent } from './output-folder.js';
import type { RunOptions } from './options.js';
import { hashPlan } from './plan.js';
import { checkOutputPlace } from './preflight.js';
import { listSpooledNames } from './spooled-names.js';
import type { TableMaker } from './table-maker.js';

/** What a build finds of its predecessors in the folder. */
interface Predecessors {
  /** Files that go before the build begins. */
  readonly replaced: ReadonlySet<string>;
  /** Whether an earlier run of the same build is gone on with. */
  readonly isResumed: boolean;
}

/**
 * Looks at what stands in the output folder and at the disk under it; gives the names of the files that are to be
 * replaced. Throws USAGE for what must not be replaced, OUTPUT where the build cannot fit.
 */
export async function checkFolder(options: RunOptions, maker: TableMaker): Promise<ReadonlySet<string>> {
  const { replaced, isResumed } = await findPredecessors(options, maker);
  const taken = await measureTaken(options.out, isResumed ? maker.listNames() : replaced);
  await checkOutputPlace(options.out, maker.plan, taken);
  return replaced;
}

async function findPredecessors({ out, force }: RunOptions, maker: TableMaker): Promise<Predecessors> {
  const listNeeded = (): Iterable<string> => maker.listNames();
  const content = await inspectFolder(out);
  const { header, names = [] } = (await readJournalPlan(out)) ?? {};
  const planHash = hashPlan(maker.identity);
  const isResumed = header?.planHash === planHash && header.writer === VERSION;
  if (header && !isResumed && !force) {
    throw folderHoldsOtherBuild(out, header.plan, header.writer === VERSION ? undefined : header.writer);
  }
  const own = new Set([
    ...listOwnNames(content, listNeeded),
    ...(header ? listTables(header) : []),
    ...names,
  ]);
  refuseForeignContent(out, content, listNeeded, own, force);
  return { replaced: isResumed ? new Set() : own, isResumed };
}

/** The names of the files that an unfinished build may have made. */
function listTables({ plan }: HeaderRecord): Iterable<string> {
  const { closedForm, name } = plannedReduced;
  const isPlaced = plan.signature === name && plan.fileHash === undefined && plan.aggregate === undefined;
  if (!isPlaced) return listSpooledNames(plan);
  const range = { start: BigInt(plan.start), end: BigInt(plan.end) };
  return listNames(layOut(closedForm, range, plan.layout, BigInt(plan.chunk), plan.nameDigits));
}

/** What files that a build overwrites or removes take of the disk already. */
async function measureTaken(out: string, names: Iterable<string>): Promise<{ bytes: bigint; files: bigint }> {
  let bytes = 0n;
  let files = 0n;
  for (const name of names) {
    const found = await stat(join(out, name), { bigint: true }).catch(() => undefined);
    if (!found?.isFile()) continue;
    files += 1n;
    // Blocks of 512 bytes, however large the file system's own are: a sparse file counts as far as it is filled.
    const filledBytes = found.blocks * 512n;
    const wholeBytes = ((found.size + DISK_BLOCK_BYTES - 1n) / DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES;
    bytes += filledBytes < wholeBytes ? filledBytes : wholeBytes;
  }
  return { bytes, files };
}

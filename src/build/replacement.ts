import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderHoldsOtherBuild } from '../errors.js';
import { layOut } from '../layouts/layout.js';
import { DISK_BLOCK_BYTES } from '../limits.js';
import { reducedSignature } from '../signatures/reduced/signature.js';
import { VERSION } from '../package.js';
import { readJournalHeader } from './build-journal.js';
import type { Undertaking } from './job-session.js';
import type { HeaderRecord } from './journal-records.js';
import { inspectFolder, listNames, listOwnNames, refuseForeignContent } from './output-folder.js';
import { hashPlan, identifyPlan } from './plan.js';
import { checkOutputPlace } from './preflight.js';

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
export async function checkFolder(undertaking: Undertaking): Promise<ReadonlySet<string>> {
  const { options, plan, layout } = undertaking;
  const { replaced, isResumed } = await findPredecessors(undertaking);
  const taken = await measureTaken(options.out, isResumed ? listNames(layout) : replaced);
  await checkOutputPlace(options.out, plan, taken);
  return replaced;
}

async function findPredecessors({ options, plan, layout, origin }: Undertaking): Promise<Predecessors> {
  const { out, force } = options;
  const content = await inspectFolder(out);
  const header = await readJournalHeader(out);
  const planHash = hashPlan(identifyPlan(plan, origin?.digest));
  const isResumed = header?.planHash === planHash && header.writer === VERSION;
  if (header && !isResumed && !force) {
    throw folderHoldsOtherBuild(out, header.plan, header.writer === VERSION ? undefined : header.writer);
  }
  const own = new Set([...listOwnNames(content, layout), ...(header ? listTables(header) : [])]);
  refuseForeignContent(out, content, layout, own, force);
  return { replaced: isResumed ? new Set() : own, isResumed };
}

/** The names of the files that an unfinished build may have made. */
function listTables({ plan }: HeaderRecord): Iterable<string> {
  const { closedForm } = reducedSignature;
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

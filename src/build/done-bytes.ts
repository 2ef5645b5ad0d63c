import { lstat, open, type FileHandle } from 'node:fs/promises';
import { READ_PLAIN } from '../files/plain-file.js';
import type { Layout } from '../layouts/layout.js';
import type { Placement, Region } from '../layouts/regions.js';
import { CHECK_BLOCK_BYTES } from '../limits.js';
import type { ClosedForm, Tally } from '../signatures/signature.js';
import { crc32, shiftCrc } from '../tables/crc32.js';

/** A stretch `[from, to)` of a file, in bytes. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * What the jobs of `runs`, half-open ranges of their numbers, have written of each file that all jobs share: the stretches by the
 * file's number.
 */
export function listDoneStretches(
  closedForm: ClosedForm,
  layout: Layout,
  runs: readonly (readonly [number, number])[],
): Map<number, Stretch[]> {
  const placement = layout.placementFor(0);
  const stretches = new Map<number, Stretch[]>();
  for (const [from, to] of runs) {
    const before = tallyUpTo(closedForm, placement, layout.jobs.at(BigInt(from)).start);
    const upTo = tallyUpTo(closedForm, placement, layout.jobs.at(BigInt(to - 1)).end);
    for (const region of placement.regions) {
      const [first, last] = [Number(before.bytes(region.key)), Number(upTo.bytes(region.key))];
      if (first === last) continue;
      const stretch = findStretch(region, first, last);
      const known = stretches.get(region.file);
      if (known) known.push(stretch);
      else stretches.set(region.file, [stretch]);
    }
  }
  return stretches;
}

function tallyUpTo(closedForm: ClosedForm, { range }: Placement, end: bigint): Tally {
  return closedForm.tallyWithin({ start: range.start, end });
}

/** Where the numbers stand that `[from, to)` bytes of a bucket take, each with its separator; and what is written with them. */
function findStretch(
  { label, arrayOffset, arrayBytes, endsFile }: Region,
  from: number,
  to: number,
): Stretch {
  const isLast = 1 + to === arrayBytes;
  return {
    from: from === 0 ? arrayOffset - Buffer.byteLength(label) : arrayOffset + 1 + from,
    to: arrayOffset + 1 + to + (isLast && endsFile ? 1 : 0),
  };
}

/** Whether a file stands at `path`, is `fileBytes` long, and has the CRC-32 `crc` as far as `stretches` of it go. */
export async function holdsBytes(
  path: string,
  fileBytes: number,
  stretches: readonly Stretch[],
  crc: number,
): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size !== fileBytes) return false;
  try {
    const handle = await open(path, READ_PLAIN);
    try {
      return (await sumUp(handle, fileBytes, stretches)) === crc;
    } finally {
      await handle.close();
    }
  } catch {
    return false; // what cannot be read does not hold: it is written anew, and that says why it cannot be
  }
}

async function sumUp(handle: FileHandle, fileBytes: number, stretches: readonly Stretch[]): Promise<number> {
  const block = Buffer.allocUnsafe(CHECK_BLOCK_BYTES);
  let sum = 0;
  for (const { from, to } of stretches) {
    let crc = 0;
    for (let at = from; at < to;) {
      const { bytesRead } = await handle.read(block, 0, Math.min(block.length, to - at), at);
      if (bytesRead === 0) throw new RangeError('the file has become shorter');
      crc = crc32(block.subarray(0, bytesRead), crc);
      at += bytesRead;
    }
    sum ^= shiftCrc(crc, fileBytes - to);
  }
  return sum >>> 0;
}

import { join } from 'node:path';
import { shardsDamagedForGood, tablesDamaged, tablesDamagedForGood } from '../errors.js';
import type { TableFault, VerifyResult } from '../verify/options.js';
import { formatByteRate, formatBytes, formatCount, formatDuration } from '../format.js';
import { writeJson, writeNotice, writeResult } from './output.js';
import type { PrintContext } from './reported-run.js';
import { toExitStatus } from './signals.js';

/** Prints what a check found, a line for each faulty file, and throws TABLES where faults remain. */
export function printVerifyResult(
  result: VerifyResult,
  { isJson, isQuiet, signal }: PrintContext<object>,
): void {
  const { outcome, folder, faults, files, isRepairable, shards } = result;
  if (isJson) writeJson('verify', toDocument(result));
  else for (const fault of faults) writeResult(describeFault(folder, fault));
  if (outcome === 'interrupted') {
    process.exitCode = toExitStatus(signal ?? 'SIGTERM');
    writeNotice(`stopped by ${signal ?? 'SIGTERM'}: not all of ${folder} is checked; nothing was changed`);
    return;
  }
  if (outcome === 'damaged') {
    const describe = isRepairable
      ? tablesDamaged
      : shards === undefined
        ? tablesDamagedForGood
        : shardsDamagedForGood;
    throw describe(folder, faults.length, files);
  }
  if (!isJson && !isQuiet) writeResult(summarize(result));
}

function toDocument({ elapsedMs, faults, ...rest }: VerifyResult): object {
  const listed = faults.map(({ offset, ...fault }) => ({
    ...fault,
    ...(offset !== undefined && { offset: String(offset) }),
  }));
  return { ...rest, faults: listed, elapsedMs: Math.round(elapsedMs) };
}

function describeFault(folder: string, { file, what, offset, detail }: TableFault): string {
  const path = join(folder, file);
  if (offset === undefined) return `${path}: ${what}`;
  return detail === undefined
    ? `${path}: byte ${offset}: ${what}`
    : `${path}: ${what}; byte ${offset}: ${detail}`;
}

function summarize({
  outcome,
  folder,
  shards,
  deep,
  keysChecked,
  numbers,
  files,
  bytes,
  faults,
  elapsedMs,
}: VerifyResult): string {
  if (outcome === 'repaired')
    return `Repaired ${countFiles(faults.length)} of ${folder}: all is as the manifest says`;
  const what = `${formatCount(numbers)} numbers in ${countFiles(files)}${shards === undefined ? '' : ` of ${countShards(shards)}`}, ${formatBytes(bytes)}`;
  const rate = formatByteRate(Number(bytes) / (Math.max(elapsedMs, 1) / 1000));
  const how = !deep
    ? 'sizes and checksums are right'
    : keysChecked === true
      ? 'every number is right'
      : 'text, order and counts are right, keys not recomputed';
  return `Verified ${folder}: ${how} (${what}; ${formatDuration(elapsedMs)}, ${rate})`;
}

function countShards(shards: number): string {
  return `${formatCount(shards)} ${shards === 1 ? 'shard' : 'shards'}`;
}

function countFiles(files: number): string {
  return `${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
}

import { sumAggregate } from '../aggregates/sum.js';
import { noNumbersLeft } from '../errors.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { BucketAggregate } from './flags.js';
import type { Source } from './sources.js';

const LINE_FEED = 10;
const ZERO = 48; // "0" in ASCII
/** Longer numbers are not exact as `number`. */
const EXACT_DIGITS = 15;

/** Some of a bucket's numbers, by index: all of them are there. */
export interface BucketPart {
  readonly from: bigint;
  readonly limit: bigint;
}

/**
 * What `aggregate` makes of a part of a bucket, as JSON text. A bucket ascends: its least and greatest number are at its
 * ends. Throws USAGE for those of no numbers.
 */
export async function aggregatePart(
  source: Source,
  signature: string,
  aggregate: BucketAggregate,
  { from, limit }: BucketPart,
): Promise<string> {
  if (aggregate === 'count') return String(limit);
  if (aggregate === 'sum') {
    const known = source.sum?.(signature, from, limit);
    return known === undefined ? await sumUp(source.readText(signature, from, limit)) : String(known);
  }
  if (limit === 0n) throw noNumbersLeft(aggregate);
  return String(source.at(signature, aggregate === 'min' ? from : from + limit - 1n));
}

async function sumUp(blocks: AsyncIterable<Buffer>): Promise<string> {
  const column = sumAggregate.createColumn();
  column.open(0);
  let last: WholeNumber = 0;
  for await (const block of blocks) {
    for (const n of parseLines(block)) {
      column.add(0, n, n);
      last = n;
    }
  }
  return column.finish(0, last);
}

/** The numbers of lines of digits, the last of which is ended too. */
function* parseLines(block: Buffer): Generator<WholeNumber> {
  for (let at = 0; at < block.length;) {
    const start = at;
    let value = 0;
    for (; block[at] !== LINE_FEED && at < block.length; at++) value = value * 10 + block[at]! - ZERO;
    yield at - start <= EXACT_DIGITS ? value : BigInt(block.toString('latin1', start, at));
    at += 1;
  }
}

import { plugInVaries } from '../errors/spool.js';
import { sizeOf, type Range } from '../range/range.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { KeyFunction } from './grouping.js';
import { finishHash, hashStep, HASH_SEED } from './key-hash.js';

/** Of so many numbers in a row one is chosen. */
const STRATUM = 512;
/** So many chosen numbers are asked for again at once. */
const BATCH = 16;
/** Asking again takes at most this part of a job's time, but for its first batch: going back may cost a plug-in's cache. */
const MAX_SHARE = 1 / 200;
/** A job of fewer numbers has one asked for again only where it took less than a second: that may be a large part of it. */
const FEW_NUMBERS = 200;
const FEW_NUMBERS_MS = 1000;

/** What was first said of a chosen number. */
interface Answer {
  readonly n: WholeNumber;
  readonly progress: number;
  readonly key: unknown;
  /** Only where the key is not null. */
  readonly value: unknown;
}

/**
 * Asks a plug-in again for some numbers of each job, in reverse order, to see whether its answers depend on n alone. Which
 * those are depends on where the job starts and ends.
 */
export class RepeatCheck {
  readonly #signature: KeyFunction;
  readonly #hasValues: boolean;
  readonly #cell: Float64Array;
  readonly #answers: Answer[] = [];
  #job: Range | undefined;
  /** Where the slice before ended. */
  #reached = 0n;
  #isSmall = false;
  #seed = HASH_SEED;
  #stratum = 0;
  /** The next chosen number, from the job's start. */
  #chosen = 0;
  #sliceBase = 0;
  #startedAt = 0;
  #spentMs = 0;

  /** `hasValues` says whether `valueOf` is called; `cell` shows the number that is asked for. */
  constructor(signature: KeyFunction, hasValues: boolean, cell: Float64Array) {
    this.#signature = signature;
    this.#hasValues = hasValues;
    this.#cell = cell;
  }

  /** A slice begins; `rest` is all of its job that is left. */
  begin(rest: Range): void {
    const isSameJob = this.#job?.end === rest.end && this.#reached === rest.start;
    if (!isSameJob || !this.#job) this.#beginJob(rest);
    this.#sliceBase = Number(rest.start - this.#job!.start);
  }

  /** The next chosen number's offset from the slice's start. */
  get next(): number {
    return this.#chosen - this.#sliceBase;
  }

  /** Takes down what was said of the next chosen number, and goes on to the one behind it. */
  note(answer: Answer): void {
    this.#answers.push(answer);
    this.#stratum++;
    this.#chosen = this.#stratum * STRATUM + (this.#hash(this.#stratum) % STRATUM);
    if (this.#answers.length >= BATCH) this.#askAgain();
  }

  /** The slice ends before `reached`: asks for what is left to be asked. Throws a PlugInError. */
  end(reached: bigint): void {
    this.#reached = reached;
    this.#askAgain();
  }

  #beginJob(job: Range): void {
    this.#job = job;
    this.#answers.length = 0;
    const size = sizeOf(job);
    this.#isSmall = size < BigInt(FEW_NUMBERS);
    this.#seed = HASH_SEED;
    for (const byte of Buffer.from(job.start.toString())) this.#seed = hashStep(this.#seed, byte);
    this.#stratum = 0;
    this.#chosen = this.#hash(0) % (size < BigInt(STRATUM) ? Number(size) : STRATUM);
    this.#startedAt = performance.now();
    this.#spentMs = 0;
  }

  #hash(stratum: number): number {
    let hash = this.#seed;
    for (let rest = stratum; rest > 0; rest >>>= 8) hash = hashStep(hash, rest & 0xff);
    return finishHash(hash) >>> 0;
  }

  /** Throws a PlugInError at the first answer that differs. */
  #askAgain(): void {
    const began = performance.now();
    if (this.#answers.length > 0 && this.#mayAsk(began - this.#startedAt)) {
      for (let i = this.#answers.length - 1; i >= 0; i--) this.#compare(this.#answers[i]!);
      this.#spentMs += performance.now() - began;
    }
    this.#answers.length = 0;
  }

  #mayAsk(elapsedMs: number): boolean {
    if (this.#isSmall) return elapsedMs < FEW_NUMBERS_MS;
    return this.#spentMs <= elapsedMs * MAX_SHARE;
  }

  #compare({ n, progress, key, value }: Answer): void {
    this.#cell[0] = progress;
    const signature = this.#signature;
    compareTwice('keyOf', n, key, () => signature.keyOf(n), isSameKey);
    if (key === null || !this.#hasValues) return;
    compareTwice('valueOf', n, value, () => signature.valueOf?.(n), isSameValue);
  }
}

function compareTwice(
  what: 'keyOf' | 'valueOf',
  n: WholeNumber,
  first: unknown,
  call: () => unknown,
  isSame: (first: unknown, second: unknown) => boolean,
): void {
  let second: unknown;
  try {
    second = call();
  } catch (error) {
    throw plugInVaries(what, n, first, { threw: error });
  }
  if (!isSame(first, second)) throw plugInVaries(what, n, first, { gave: second });
}

/** As text, which is what tables have of them: 1 and "1" are the same key, 0 and −0 too. */
function isSameKey(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  return isText(first) && isText(second) && String(first) === String(second);
}

function isText(key: unknown): key is string | number {
  return typeof key === 'string' || typeof key === 'number';
}

/** 1 and 1n are the same value. */
function isSameValue(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  if (typeof second !== 'number' && typeof second !== 'bigint') return false;
  // eslint-disable-next-line eqeqeq -- compares a number with a bigint exactly
  return (first as WholeNumber) == second;
}

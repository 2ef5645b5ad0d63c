import { join } from 'node:path';
import { LIST } from '../aggregates/open-aggregate.js';
import { addSums, sumUpBucket } from '../checks/bucket-sums.js';
import { StructureCheck, type StructureRules } from '../checks/structure-check.js';
import { fileIsNoFile, fileOfOtherSize, plugInThrew } from '../errors.js';
import type { CheckMode, Span, SpanReport, TableStructure, VerifyRecipe } from '../pool/verify-messages.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import type { WholeNumber } from '../range/whole-number.js';
import { toKeyText } from '../signatures/plug-in/key-text.js';
import { readListLines } from '../tables/line-scan.js';
import { readBucket } from '../tables/manifest-quick.js';
import { readManifest } from '../tables/manifest.js';
import { readRemainder } from '../tables/remainders.js';
import { TableStream } from '../tables/table-stream.js';
import { openReadySignature } from './ready-signature.js';
import { reportFault } from './span-check.js';

/** Checks whole table files of which no closed form tells what they hold. */
export class StructureChecker {
  readonly #recipe: VerifyRecipe;
  readonly #structure: TableStructure;
  readonly #rules: StructureRules;
  readonly #jobs: Jobs | undefined;

  private constructor(recipe: VerifyRecipe, structure: TableStructure, rules: StructureRules) {
    const { layout, range, chunk } = recipe;
    this.#recipe = recipe;
    this.#structure = structure;
    this.#rules = rules;
    this.#jobs = layout === 'job' ? splitIntoJobs(range, chunk) : undefined;
  }

  /** Reads the manifest, and loads the signature where there is one. Throws what is wrong with them. */
  static async open(recipe: VerifyRecipe, structure: TableStructure): Promise<StructureChecker> {
    const { aggregate = LIST, source, bucketList } = structure;
    const buckets = bucketList === undefined ? (await readManifest(recipe.folder)).buckets : undefined;
    const byKey = buckets && new Map(buckets.map((bucket) => [bucket.key, bucket]));
    return new StructureChecker(recipe, structure, {
      layout: recipe.layout,
      aggregate,
      findBucket: byKey && ((key) => byKey.get(key)),
      keyOf: source && (await openKeys(source)),
    });
  }

  /** Throws a PlugInError, and what the system throws, unless it is the file's own fault. */
  check(span: Span, mode: CheckMode): SpanReport {
    return reportFault(span.file, () => {
      if (span.name === this.#structure.bucketList) return this.#checkList(span);
      return span.name === this.#structure.remainders
        ? this.#checkRemainders(span)
        : this.#checkTable(span, mode);
    });
  }

  #checkTable({ file, name, fileBytes }: Span, mode: CheckMode): SpanReport {
    const stream = new TableStream(join(this.#recipe.folder, name));
    try {
      const bytes = stream.measure();
      if (bytes < 0) return { file, crc: 0, fault: fileIsNoFile(), isUnreadable: true };
      const fault = bytes === fileBytes ? undefined : fileOfOtherSize(bytes, fileBytes);
      if (fault !== undefined && mode !== 'locate') return { file, crc: 0, fault };
      const found = new StructureCheck(this.#rules, this.#rangeOf(file)).check(stream);
      if ('problem' in found) return { file, crc: 0, fault, problem: found.problem };
      return { file, crc: stream.crc, fault, sum: found.sum };
    } finally {
      stream.close();
    }
  }

  /** What a list says counts against what the tables hold. */
  #checkList(span: Span): SpanReport {
    let sum = 0n;
    const report = this.#checkLines(span, readBucket, (bucket) => {
      sum = addSums(sum, sumUpBucket(this.#rules, bucket));
    });
    return report.problem ? report : { ...report, sum: BigInt.asUintN(64, -sum) };
  }

  /** That each line is one: the checksum vouches for what it says. */
  #checkRemainders(span: Span): SpanReport {
    return this.#checkLines(span, readRemainder, () => undefined);
  }

  #checkLines<T>({ file, name }: Span, read: (value: unknown) => T, take: (item: T) => void): SpanReport {
    const summed = { crc: 0 };
    try {
      for (const item of readListLines(join(this.#recipe.folder, name), summed, read)) take(item);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { file, crc: summed.crc, problem: { offset: 0, what: error.message } };
    }
    return { file, crc: summed.crc };
  }

  #rangeOf(file: number): Range {
    return this.#jobs?.at(BigInt(file)) ?? this.#recipe.range;
  }
}

async function openKeys(
  source: NonNullable<TableStructure['source']>,
): Promise<(n: WholeNumber) => string | null> {
  const { keyOf } = await openReadySignature(source);
  const call = (n: WholeNumber): ReturnType<typeof keyOf> => {
    try {
      return keyOf(n);
    } catch (error) {
      throw plugInThrew('keyOf', n, error);
    }
  };
  // What is no key is not the one that is looked for.
  return (n) => toKeyText(call(n)) ?? null;
}

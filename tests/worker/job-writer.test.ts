import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReducedFragments } from '../../src/buckets/reduced-fragments.js';
import { LAYOUT_NAMES, type LayoutName } from '../../src/layouts/layout-name.js';
import { layOut } from '../../src/layouts/layout.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { sizeOf, type Range } from '../../src/range/range.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { crc32 } from '../../src/tables/crc32.js';
import { JobWriter } from '../../src/worker/job-writer.js';
import { openTableFiles } from './written-set.js';
import { signByLiteralLoop } from '../signatures/reduced/literal-loop.js';

/** What the tables must hold, from the loop and a Map: keys in the order of their first numbers. */
function groupByLoop({ start, end }: Range): string {
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n++) {
    const key = signByLiteralLoop(n);
    buckets.set(key, [...(buckets.get(key) ?? []), n]);
  }
  const texts = Array.from(buckets, ([key, numbers]) => `"${key}":[${numbers.join(',')}]`);
  return `{${texts.join(',')}}`;
}

function expectedFiles(range: Range, layout: LayoutName, chunk: bigint): Map<string, string> {
  if (layout === 'single') return new Map([['table.json', groupByLoop(range)]]);
  const files = new Map<string, string>();
  if (layout === 'job') {
    const width = range.end.toString().length;
    const jobs = splitIntoJobs(range, chunk);
    for (let i = 0n; i < jobs.count; i++) {
      const job = jobs.at(i);
      const [from, to] = [job.start, job.end].map((n) => n.toString().padStart(width, '0'));
      files.set(`${from}-${to}.json`, groupByLoop(job));
    }
    return files;
  }
  for (const [, key, numbers] of groupByLoop(range).matchAll(/"(\d+)":(\[[^\]]*\])/g)) {
    files.set(`${key}.json`, `{"${key}":${numbers}}`);
  }
  return files;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sigtables-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs all jobs, the last first, and returns each file's CRC-32 put together from the jobs' shares. */
function writeAll(range: Range, name: LayoutName, chunk: bigint, mayHold: number): Map<string, number> {
  const layout = layOut(reducedSignature.closedForm, range, name, chunk);
  const writer = new JobWriter(
    reducedSignature.closedForm,
    layout,
    openTableFiles(folder, layout.fileCount, mayHold),
    new ReducedFragments(),
  );
  const crcs = new Map<string, number>();
  for (let job = Number(layout.jobs.count) - 1; job >= 0; job--) {
    const result = writer.write(job);
    result.crcs.forEach((crc, i) => {
      const file = layout.fileName(result.firstFile + i);
      crcs.set(file, ((crcs.get(file) ?? 0) ^ crc) >>> 0);
    });
  }
  return crcs;
}

const starts = fc.oneof(
  fc.bigInt(10n, 2000n),
  fc.constantFrom(10n, 99n, 100n, 999n, 9_999n, 99_990n, 999_900n, 10n ** 6n - 300n, 10n ** 9n - 777n),
  fc.constantFrom(10n ** 18n - 500n, 2n ** 53n - 300n, 10n ** 30n - 450n, 10n ** 30n, 10n ** 100n - 250n),
);

describe('JobWriter', () => {
  it('writes what the literal loop says, in every layout, whatever the jobs', () => {
    fc.assert(
      fc.property(
        starts,
        fc.bigInt(1n, 3000n),
        fc.oneof(fc.bigInt(1n, 3000n), fc.constantFrom(100n, 1000n)),
        fc.constantFrom(...LAYOUT_NAMES),
        fc.constantFrom(0, 7, 10_000),
        (start, size, jobSize, name, mayHold) => {
          const range = { start, end: start + size };
          const chunk = jobSize < sizeOf(range) / 40n ? sizeOf(range) / 40n : jobSize;
          const crcs = writeAll(range, name, chunk, mayHold);
          const expected = expectedFiles(range, name, chunk);
          expect(readdirSync(folder).sort()).toEqual([...expected.keys()].sort());
          for (const [file, text] of expected) {
            expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
            expect(crcs.get(file)).toBe(crc32(Buffer.from(text)));
          }
          for (const file of expected.keys()) rmSync(join(folder, file));
        },
      ),
      { numRuns: 120 },
    );
  });
});

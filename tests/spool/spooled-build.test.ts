import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAggregate } from '../../src/aggregates/open-aggregate.js';
import {
  gatherAll,
  groupPlainly,
  placeAll,
  spoolAll,
  tabulatePlainly,
  type SpooledBuild,
} from './spooled-build.js';
import { SpoolFiles } from '../../src/spool/spool-files.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { mergeRuns } from '../../src/spool/merge-runs.js';
import { useTemporaryFolder } from '../tables/temporary-folder.js';
import { arbitraryCuts, arbitraryKeyFunction, arbitraryRange } from './arbitrary.js';

const folder = useTemporaryFolder();
const NO_LIMITS = { numbers: 1e6, keys: Infinity, keyBytes: Infinity };
const list = openAggregate('list')!;

const textOfList = (numbers: readonly bigint[]): string => `[${numbers.join(',')}]`;
const TEXTS: Record<string, (numbers: bigint[]) => string> = {
  list: textOfList,
  count: (numbers) => String(numbers.length),
  sum: (numbers) => String(numbers.reduce((sum, n) => sum + n, 0n)),
  min: (numbers) => String(numbers[0]),
  max: (numbers) => String(numbers.at(-1)),
};

describe('a spooled build', () => {
  it('makes the table that the definition makes', () => {
    fc.assert(
      fc.property(
        arbitraryKeyFunction,
        arbitraryRange,
        arbitraryCuts,
        fc.constantFrom('list', 'list', 'count', 'sum', 'min', 'max'),
        (signature, range, cuts, name) => {
          const build: SpooledBuild = {
            folder: folder(),
            signature,
            aggregate: openAggregate(name)!,
            range,
            ...cuts,
          };
          const { table } = placeAll(build, spoolAll(build, 'single').files);
          expect(table).toBe(tabulatePlainly(signature, range, TEXTS[name]!));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('tells of each bucket what the definition tells', () => {
    fc.assert(
      fc.property(
        arbitraryKeyFunction,
        arbitraryRange,
        arbitraryCuts,
        fc.constantFrom('list', 'max'),
        (signature, range, cuts, name) => {
          const build = { folder: folder(), signature, aggregate: openAggregate(name)!, range, ...cuts };
          const { buckets } = placeAll(build, spoolAll(build, 'single').files);
          const expected = Array.from(groupPlainly(signature, range), ([key, numbers]) => ({
            key,
            labelBytes: Buffer.byteLength(JSON.stringify(key)) + 1,
            count: numbers.length,
            first: numbers[0],
            last: numbers.at(-1),
            textBytes: (name === 'list' ? numbers.join(',') : String(numbers.at(-1))).length,
            value: name === 'list' ? undefined : String(numbers.at(-1)),
            remainders: [],
          }));
          expect(buckets.map(({ run: _run, index: _index, pieces: _pieces, ...rest }) => rest)).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('makes a table per job in the layout `job`, and the totals of all', () => {
    fc.assert(
      fc.property(
        arbitraryKeyFunction,
        arbitraryRange,
        arbitraryCuts,
        fc.constantFrom('list', 'sum', 'max'),
        (signature, range, cuts, name) => {
          const aggregate = openAggregate(name)!;
          const build = { folder: folder(), signature, aggregate, range, ...cuts, limits: NO_LIMITS };
          const { files: spooled, tables } = spoolAll(build, 'job');
          const jobs = splitIntoJobs(range, build.chunk);
          const expected = tables.map((_, job) =>
            tabulatePlainly(signature, jobs.at(BigInt(job)), TEXTS[name]!),
          );
          expect(tables).toEqual(expected);
          const files = new SpoolFiles(spooled, build.partitions, false, 2);
          const buckets = [...mergeRuns(gatherAll(build, files), range.start)];
          files.close();
          const frames = name === 'list' ? 3 : 1;
          const bytes = buckets.reduce((sum, b) => sum + b.textBytes + b.pieces * (b.labelBytes + frames), 0);
          const braces = tables.reduce((sum, table) => sum + (table === '{}' ? 2 : 1), 0);
          expect(bytes + braces).toBe(tables.reduce((sum, table) => sum + Buffer.byteLength(table), 0));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives the same sum of fractions for any number of partitions', () => {
    const signature = {
      keyOf: (n: number | bigint) => Number(n) % 3,
      valueOf: (n: number | bigint) => 1 / Number(n),
    };
    const aggregate = openAggregate('sum')!;
    const base = {
      folder: folder(),
      signature,
      aggregate,
      range: { start: 1n, end: 5000n },
      budgetBytes: 1000,
    };
    const tables = [
      { chunk: 1000n, partitions: 1 },
      { chunk: 1000n, partitions: 7 },
    ].map((cuts) => {
      const build = { ...base, ...cuts, limits: { numbers: 100, keys: 1000, keyBytes: 1000 } };
      return placeAll(build, spoolAll(build, 'single').files).table;
    });
    expect(tables[1]).toBe(tables[0]);
    const sums = JSON.parse(tables[0]!) as Record<string, number>;
    let expected = 0;
    for (let n = 3; n < 5000; n += 3) expected += 1 / n;
    expect(sums['0']).toBeCloseTo(expected, 12);
  });

  it('places a cell that is longer than the buffers', () => {
    const build: SpooledBuild = {
      folder: folder(),
      signature: { keyOf: (n) => (Number(n) % 100_000 === 7 ? 'rare' : 'often') },
      aggregate: list,
      range: { start: 10n ** 11n - 300_000n, end: 10n ** 11n + 300_000n },
      chunk: 10_000_000n,
      limits: NO_LIMITS,
      partitions: 3,
      budgetBytes: 1000,
    };
    const { table } = placeAll(build, spoolAll(build, 'single').files);
    expect(table === tabulatePlainly(build.signature, build.range, textOfList)).toBe(true);
  });
});

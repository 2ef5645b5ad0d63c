import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAggregate } from '../../src/aggregates/open-aggregate.js';
import { SpoolDamaged } from '../../src/errors/spool.js';
import { mergeRuns } from '../../src/spool/merge-runs.js';
import { PlacesWriter, readPlaces } from '../../src/spool/places.js';
import { decodeFooter, FOOTER_BYTES, ROW_BYTES } from '../../src/spool/spool-format.js';
import { SpoolFiles } from '../../src/spool/spool-files.js';
import { useTemporaryFolder } from '../tables/temporary-folder.js';
import { gatherAll, placeAll, spoolAll, type SpooledBuild } from './spooled-build.js';

const folder = useTemporaryFolder();
const LIMITS = { numbers: 20, keys: Infinity, keyBytes: Infinity };

function describeBuild(aggregate = 'list'): SpooledBuild {
  return {
    folder: folder(),
    signature: { keyOf: (n) => (Number(n) % 5 === 0 ? null : `key ${Number(n) % 3}`) },
    aggregate: openAggregate(aggregate)!,
    range: { start: 100n, end: 170n },
    chunk: 50n,
    limits: LIMITS,
    partitions: 3,
    budgetBytes: 1000,
  };
}

/** Calls `use` with each byte of a file changed in turn; returns the positions at which it did not throw SpoolDamaged. */
function findUnnoticed(path: string, use: () => void): number[] {
  const whole = readFileSync(path);
  const unnoticed = Array.from(whole.keys()).filter((position) => {
    const changed = Buffer.from(whole);
    changed[position]! ^= 1 << (position % 8);
    writeFileSync(path, changed);
    try {
      use();
      return true;
    } catch (error) {
      if (!(error instanceof SpoolDamaged)) throw error;
      expect(error.path).toBe(path);
      return false;
    }
  });
  writeFileSync(path, whole);
  return unnoticed;
}

describe('a spool file', () => {
  it.each(['list', 'sum'])('does not hide a changed byte (%s)', (name) => {
    const build = describeBuild(name);
    const { files } = spoolAll(build, 'single');
    expect(findUnnoticed(files[1]!.path, () => placeAll(build, files))).toEqual([]);
    expect(() => placeAll(build, files)).not.toThrow();
  });

  it('does not hide that it is shorter, longer, gone, or of another job or build', () => {
    const build = describeBuild();
    const { files } = spoolAll(build, 'single');
    const [first, second] = files as [(typeof files)[0], (typeof files)[0]];
    const whole = readFileSync(second.path);
    const attempt = (): unknown => placeAll(build, files);
    writeFileSync(second.path, whole.subarray(0, -1));
    expect(attempt).toThrow(SpoolDamaged);
    writeFileSync(second.path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(attempt).toThrow(SpoolDamaged);
    writeFileSync(second.path, '');
    expect(attempt).toThrow(SpoolDamaged);
    writeFileSync(second.path, whole);
    expect(() => placeAll(build, [first, { ...second, path: join(folder(), 'none') }])).toThrow(
      /none is damaged/,
    );
    expect(() => placeAll(build, [first, { ...second, job: 7 }])).toThrow(SpoolDamaged);
    expect(() => placeAll({ ...build, partitions: 2 }, files)).toThrow(SpoolDamaged);
    expect(attempt).not.toThrow();
  });
});

it('notices rows that have changed places', () => {
  const build = { ...describeBuild(), chunk: 1000n, limits: { ...LIMITS, numbers: 1000 } };
  const { files } = spoolAll(build, 'single');
  const { path } = files[0]!;
  const bytes = readFileSync(path);
  const footer = decodeFooter(bytes.subarray(-FOOTER_BYTES));
  const rowsAt = footer.directoryAt - build.partitions * ROW_BYTES;
  const rowOf = (partition: number): Buffer =>
    bytes.subarray(rowsAt + partition * ROW_BYTES, rowsAt + (partition + 1) * ROW_BYTES);
  const first = Buffer.from(rowOf(0));
  rowOf(1).copy(rowOf(0));
  first.copy(rowOf(1));
  writeFileSync(path, bytes);
  expect(() => placeAll(build, files)).toThrow(SpoolDamaged);
});

describe('a run', () => {
  it('does not hide a changed byte', () => {
    const build = describeBuild('sum');
    const files = new SpoolFiles(spoolAll(build, 'single').files, build.partitions, true, 5);
    const runs = gatherAll(build, files);
    files.close();
    const readAll = (): unknown => [...mergeRuns(runs, 100n)];
    for (const { path } of runs) expect(findUnnoticed(path, readAll)).toEqual([]);
  });
});

describe('the places', () => {
  it('do not hide a changed byte', () => {
    const path = join(folder(), 'places');
    const entries = [2, 0, 1];
    const writer = new PlacesWriter(path, entries);
    writer.add(0, 5);
    writer.add(2, 2 ** 52);
    writer.add(0, 7);
    writer.end();
    const readAll = (): number[][] => entries.map((_, run) => Array.from(readPlaces({ path, entries, run })));
    expect(readAll()).toEqual([[5, 7], [], [2 ** 52]]);
    expect(findUnnoticed(path, readAll)).toEqual([]);
  });
});

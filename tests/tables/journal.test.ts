import { execFile } from 'node:child_process';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testWith } from '../programs.js';
import { JOURNAL_LINE_MAX_BYTES } from '../../src/limits.js';
import { crc32 } from '../../src/tables/crc32.js';
import { openJournal, readJournal, type JournalExtent } from '../../src/tables/journal.js';
import { useTemporaryFolder } from './temporary-folder.js';
import { bundledModule } from '../bundled.js';

const inFolder = useTemporaryFolder();

interface Read extends JournalExtent {
  readonly values: unknown[];
}

async function readAll(path: string): Promise<Read> {
  const values: unknown[] = [];
  const extent = await readJournal(
    path,
    (value) => value,
    (value) => values.push(value),
  );
  return { ...extent, values };
}

async function writeAll(path: string, records: readonly object[], goodBytes = 0): Promise<void> {
  const journal = await openJournal(path, { goodBytes, sync: true });
  for (const record of records) await journal.append(record);
  await journal.close();
}

/** A line as the format says: CRC-32 of the JSON in hex, a space, the JSON. */
function formatLine(json: string): string {
  return `${crc32(Buffer.from(json)).toString(16).padStart(8, '0')} ${json}\n`;
}

const RECORDS = [{ plan: 'ab"c\n', n: 1 }, { done: [1, 2, 3] }, { ü: '€'.repeat(10) }];

describe('a journal', () => {
  it('is written as lines of CRC and JSON', async () => {
    await writeAll(inFolder('journal'), [{ job: 1 }, { job: 2 }]);
    expect(await readFile(inFolder('journal'), 'utf8')).toBe(
      formatLine('{"job":1}') + formatLine('{"job":2}'),
    );
  });

  it('gives back what was appended', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    const { size } = await stat(inFolder('journal'));
    const expected = { records: 3, goodBytes: size, tailDiscarded: false, values: RECORDS };
    expect(await readAll(inFolder('journal'))).toEqual(expected);
  });

  it('gives back any records, of any size', async () => {
    const records = fc.array(
      fc.record({ text: fc.string({ maxLength: 200_000, size: 'max' }), n: fc.nat() }),
      { maxLength: 6 },
    );
    const check = async (appended: object[]): Promise<void> => {
      await writeAll(inFolder('any'), appended);
      expect((await readAll(inFolder('any'))).values).toEqual(appended);
    };
    await fc.assert(fc.asyncProperty(records, check), { numRuns: 20 });
  });

  it('is empty when it is absent', async () => {
    const expected = { records: 0, goodBytes: 0, tailDiscarded: false, values: [] };
    expect(await readAll(inFolder('absent'))).toEqual(expected);
    await expect(readAll(inFolder())).rejects.toMatchObject({ code: 'EFTYPE' });
  });

  it('goes on behind its last good record', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    await appendFile(inFolder('journal'), 'torn rec'.repeat(100));
    const { goodBytes, tailDiscarded } = await readAll(inFolder('journal'));
    expect(tailDiscarded).toBe(true);
    await writeAll(inFolder('journal'), [{ more: true }], goodBytes);
    const read = await readAll(inFolder('journal'));
    expect(read).toMatchObject({ tailDiscarded: false, values: [...RECORDS, { more: true }] });
  });

  it('begins anew over an old one', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    await writeAll(inFolder('journal'), [{ new: 1 }]);
    expect((await readAll(inFolder('journal'))).values).toEqual([{ new: 1 }]);
  });

  it('refuses to go on behind bytes that are gone', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    const { size } = await stat(inFolder('journal'));
    await truncate(inFolder('journal'), size - 1);
    await expect(openJournal(inFolder('journal'), { goodBytes: size, sync: true })).rejects.toThrow('shrank');
    await expect(openJournal(inFolder('absent'), { goodBytes: 5, sync: true })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('keeps the order of appends that are not waited for', async () => {
    const journal = await openJournal(inFolder('journal'), { goodBytes: 0, sync: true });
    const appends = Array.from({ length: 50 }, (_, n) => journal.append({ n }));
    await journal.close();
    await Promise.all(appends);
    const values = Array.from({ length: 50 }, (_, n) => ({ n }));
    expect((await readAll(inFolder('journal'))).values).toEqual(values);
  });
});

describe('a damaged journal', () => {
  it('ends before the record with a changed byte, whichever it is', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    const good = await readFile(inFolder('journal'));
    for (let at = 0; at < good.length; at++) {
      const bit = 1 << (at % 8);
      for (const change of [bit, 0x20, 0xff]) {
        const bad = Buffer.from(good);
        bad[at] = good[at]! ^ change;
        await writeFile(inFolder('bad'), bad);
        const records = good.subarray(0, at).filter((byte) => byte === 10).length; // whole lines before the change
        const read = await readAll(inFolder('bad'));
        expect(read).toMatchObject({ records, tailDiscarded: true, values: RECORDS.slice(0, records) });
        expect(read.goodBytes).toBeLessThanOrEqual(at);
      }
    }
  });

  it('ends before the record that is cut off, wherever', async () => {
    await writeAll(inFolder('journal'), RECORDS);
    const good = await readFile(inFolder('journal'));
    for (let size = good.length - 1; size >= 0; size--) {
      await truncate(inFolder('journal'), size);
      const records = good.subarray(0, size).filter((byte) => byte === 10).length;
      const { goodBytes, ...read } = await readAll(inFolder('journal'));
      expect(read).toEqual({ records, tailDiscarded: goodBytes < size, values: RECORDS.slice(0, records) });
    }
  });

  it.each([
    ['no JSON', '{"a":'],
    ['an upper-case CRC', undefined],
  ])('ends before a record with %s', async (_case, json) => {
    const good = formatLine('{"a":1}');
    const bad = json === undefined ? formatLine('{"x":5}').toUpperCase() : formatLine(json);
    await writeFile(inFolder('journal'), good + bad + good);
    expect(await readAll(inFolder('journal'))).toMatchObject({
      records: 1,
      goodBytes: good.length,
      tailDiscarded: true,
    });
  });

  it('ends before a record that does not fit, but throws what its reader throws', async () => {
    await writeAll(inFolder('journal'), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    const validate = (value: unknown): number => {
      const { n } = value as { n: number };
      if (n === 2) throw new Error('unfit');
      return n;
    };
    const seen: number[] = [];
    const extent = await readJournal(inFolder('journal'), validate, (n) => seen.push(n));
    expect(extent).toMatchObject({ records: 1, tailDiscarded: true });
    expect(seen).toEqual([1]);
    const fail = (): never => {
      throw new Error('reader');
    };
    await expect(readJournal(inFolder('journal'), validate, fail)).rejects.toThrow('reader');
  });

  it('does not read on in a line that never ends', async () => {
    await writeAll(inFolder('journal'), [{ n: 1 }]);
    await truncate(inFolder('journal'), 2 ** 30); // a hole: takes no disk, but would take 1 GB of memory
    const startBytes = process.memoryUsage().rss;
    expect(await readAll(inFolder('journal'))).toMatchObject({ records: 1, tailDiscarded: true });
    expect(process.memoryUsage().rss - startBytes).toBeLessThan(4 * JOURNAL_LINE_MAX_BYTES);
  });
});

describe('a journal that cannot be written', () => {
  it('refuses a record that could not be read back, and goes on', async () => {
    const journal = await openJournal(inFolder('journal'), { goodBytes: 0, sync: false });
    await expect(journal.append({ text: 'x'.repeat(JOURNAL_LINE_MAX_BYTES) })).rejects.toThrow('too long');
    await journal.append({ n: 1 });
    await journal.close();
    expect((await readAll(inFolder('journal'))).values).toEqual([{ n: 1 }]);
  });

  testWith('bash', 'throws its first error again for every later record', async () => {
    const script = `
      const { openJournal } = await import(${JSON.stringify(bundledModule('tables/journal'))});
      const journal = await openJournal(process.argv[1], { goodBytes: 0, sync: true });
      await journal.append({ small: 1 });
      const errors = [];
      for (const record of [{ large: 'x'.repeat(200_000) }, { small: 2 }]) {
        await journal.append(record).catch((error) => errors.push(error));
      }
      await journal.close();
      console.log(errors.map((error) => error.code).join(), errors[0] === errors[1]);`;
    const command = 'ulimit -f 100; exec "$0" --input-type=module -e "$1" "$2"';
    const args = ['-c', command, process.execPath, script, inFolder('journal')];
    const { stdout } = await promisify(execFile)('bash', args);
    expect(stdout).toBe('EFBIG,EFBIG true\n');
    expect(await readAll(inFolder('journal'))).toMatchObject({ values: [{ small: 1 }], tailDiscarded: true });
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTables, type JsonValue, type Tables } from '../../src/index.js';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { KEY_BODIES, writePlugIn } from './plug-ins.js';
import { expectRefusal } from './refusal.js';
import { buildBoth, readEverything, succeed } from './sharded-sets.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;
/** A loaded machine takes seconds for each command, and a test runs up to twenty of them. */
const TIMEOUT_MS = 600_000;
const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

async function openBoth(cwd: string): Promise<[Tables, Tables]> {
  return [await openTables(join(cwd, 'whole')), await openTables(join(cwd, 'parts'))];
}

/** A few odd ranges, other ones each time, printed when one fails. */
function chooseRange(size: number): string {
  const [start = 10, length = 1000] = fc.sample(
    fc.oneof(
      fc.tuple(fc.integer({ min: 10, max: 20_000 }), fc.integer({ min: size / 2, max: size })),
      fc.tuple(fc.constantFrom(10, 99_873, 999_990), fc.integer({ min: size / 2, max: size })),
    ),
    1,
  )[0]!;
  return `${start}..${start + length}`;
}

describe('a sharded table set', () => {
  test.each(COUNTS)(
    'of %i shards answers as the whole does, and merges to its bytes',
    async (count) => {
      const cwd = await createFolder();
      const layout = LAYOUTS[count % 3] ?? 'single';
      const range = chooseRange(9000);
      await buildBoth(cwd, count, ['--range', range, '--layout', layout, '--chunk', '300']);
      const [whole, parts] = await openBoth(cwd);
      expect(await readEverything(parts, 50), range).toEqual(await readEverything(whole, 50));
      expect(parts.manifest.shards).toHaveLength(count);
      for (const n of [whole.manifest.range.start, whole.manifest.range.end - 1n]) {
        const { file = '', offset } = parts.find(n) ?? {};
        expect(
          readFileSync(join(cwd, 'parts', file), 'latin1')
            .slice(offset)
            .startsWith(`${n}`),
        ).toBe(true);
      }
      whole.close();
      parts.close();
      await succeed(cwd, 'merge', 'parts', '--out', 'merged');
      expect(await hashFolder(join(cwd, 'merged')), range).toEqual(await hashFolder(join(cwd, 'whole')));
    },
    TIMEOUT_MS,
  );

  test.each(Object.entries(KEY_BODIES).map(([name, body], i) => ({ name, body, layout: LAYOUTS[i % 3]! })))(
    'of a signature from a file with $name keys in the layout $layout answers as the whole does',
    async ({ body, layout }) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, body);
      const range = chooseRange(1500);
      const args = ['--range', range, '--signature', plugIn, '--layout', layout, '--chunk', '100'];
      await buildBoth(cwd, 4, args);
      const [whole, parts] = await openBoth(cwd);
      expect(await readEverything(parts, 30), range).toEqual(await readEverything(whole, 30));
      expect(() => parts.signatureOf(5n)).toThrow(RangeError);
      whole.close();
      parts.close();
    },
    TIMEOUT_MS,
  );
});

/** What this process holds open. */
function countOpen(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('a reader of 12 shards', () => {
  const SIZE = 85;

  async function buildMany(): Promise<string> {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', `100..${100 + SIZE * 12}`, '--out', 'whole');
    const parts = Array.from({ length: 12 }, (_, i) => `parts/${i}`);
    for (let i = 0; i < parts.length; i += 1) {
      const range = `${100 + SIZE * i}..${100 + SIZE * (i + 1)}`;
      await succeed(cwd, 'build', '--range', range, '--out', parts[i]!, '--cpus', '1');
    }
    await succeed(cwd, 'merge', ...parts, '--sharded', '--out', 'parts');
    return cwd;
  }

  test.runIf(process.platform === 'linux')(
    'holds few files open, and opens only the shards it needs',
    async () => {
      const cwd = await buildMany();
      const folder = join(cwd, 'parts');
      const before = countOpen();
      const tables = await openTables(folder, { maxOpenFiles: 5 });
      let most = 0;
      for (let n = 100; n < 100 + SIZE * 12; n++) {
        expect(tables.has(n)).toBe(true);
        most = Math.max(most, countOpen() - before);
      }
      expect(most).toBe(5);
      // Streams, each with a file of its own, while other shards come and go.
      const streams = ['0211', '0311', '0511'].map((key) => tables.members(key)[Symbol.asyncIterator]());
      const given = [];
      for (let i = 0; i < 5; i++) {
        for (const stream of streams) given.push((await stream.next()).value);
        for (let n = 100; n < 1100; n += 60) tables.find(n);
      }
      const whole = await openTables(join(cwd, 'whole'));
      for (const [k, key] of ['0211', '0311', '0511'].entries())
        for (let i = 0; i < 5; i++) expect(given[3 * i + k]).toBe(whole.at(key, i));
      for (const stream of streams) await stream.return(undefined);
      whole.close();
      tables.close();
      expect(countOpen()).toBe(before);
      expect(() => tables.at('0211', 0)).toThrow('are closed');
      await rm(join(folder, '7'), { recursive: true });
      const lame = await openTables(folder);
      expect(lame.has(100 + 6 * SIZE)).toBe(true);
      expect(() => lame.has(100 + 7 * SIZE)).toThrow(/no table set in .*7/);
      lame.close();
    },
    TIMEOUT_MS,
  );
});

describe('values', () => {
  const VALUES = 'valueOf: (n) => n % 3 === 0 ? BigInt(n) * 10n ** 18n : -n';

  async function readValues(tables: Tables): Promise<Map<string, JsonValue | undefined>> {
    await Promise.resolve();
    return new Map(tables.signatures().map((key) => [tables.valueText(key) ?? '', tables.value(key)]));
  }

  test.each(['count', 'sum', 'min', 'max'])(
    'of --aggregate %s are those of the whole',
    async (aggregate) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.skewed, VALUES);
      await buildBoth(cwd, 5, [
        '--range',
        '3..4001',
        '--signature',
        plugIn,
        '--aggregate',
        aggregate,
        '--layout',
        'single',
      ]);
      const [whole, parts] = await openBoth(cwd);
      expect(await readValues(parts)).toEqual(await readValues(whole));
      expect(parts.value('no such key')).toBeUndefined();
      expect(parts.count('common')).toBe(whole.count('common'));
      for (const read of [() => parts.at('common', 0), () => parts.has(5), () => parts.indexOf(5)])
        expect(read).toThrow(`holds ${aggregate === 'min' ? 'least' : ''}`);
      const { stdout } = await runCommand(['lookup', 'common', '--tables', 'parts'], { cwd });
      expect(stdout).toBe(`${whole.valueText('common')}\n`);
      whole.close();
      parts.close();
    },
    TIMEOUT_MS,
  );

  test(
    'that make none are refused by name, unless one shard has them all',
    async () => {
      const cwd = await createFolder();
      const own = 'aggregates: { last: { init: () => 0, add: (p, n) => Number(n), merge: (a, b) => b } }';
      const body = "return m === 5 ? 'once' : m % 2 === 0 ? 'whole' : 'often';";
      const plugIn = await writePlugIn(cwd, body, own);
      const refusals = { last: '--aggregate last is none of' };
      for (const [aggregate, why] of Object.entries(refusals)) {
        const folder = await createFolder();
        const args = ['--range', '0..2000', '--signature', plugIn, '--aggregate', aggregate];
        await buildBoth(folder, 4, [...args, '--layout', 'single']);
        const [whole, parts] = await openBoth(folder);
        expect(parts.value('once')).toBe(whole.value('once'));
        expect(() => parts.value('often')).toThrow(why);
        await expectRefusal(['lookup', 'often', '--tables', 'parts'], 2, new RegExp(why), { cwd: folder });
        whole.close();
        parts.close();
      }
    },
    TIMEOUT_MS,
  );

  test(
    'of jobs are refused by the files that have them',
    async () => {
      const cwd = await createFolder();
      const args = ['--range', '1e4', '--aggregate', 'count', '--layout', 'job', '--chunk', '1000'];
      await buildBoth(cwd, 3, args);
      const [whole, parts] = await openBoth(cwd);
      expect(() => whole.value('1011')).toThrow(/for each job/);
      expect(() => parts.value('1011')).toThrow(/from shard \d\/\d+-\d+\.json to shard \d\/\d+-\d+\.json/);
      expect(parts.value('nope')).toBeUndefined();
      whole.close();
      parts.close();
    },
    TIMEOUT_MS,
  );
});

describe('verify', () => {
  async function expectSound(cwd: string, ...args: string[]): Promise<void> {
    const { exitCode, stderr } = await runCommand(['verify', 'parts', ...args, '-q'], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  }

  test.each(LAYOUTS)(
    'finds and repairs what is damaged in shards of the layout %s',
    async (layout) => {
      const cwd = await createFolder();
      await buildBoth(cwd, 3, ['--range', '90..4200', '--layout', layout, '--chunk', '200']);
      const sound = await hashFolder(join(cwd, 'parts'));
      for (const depth of [[], ['--deep']]) {
        const { exitCode, stdout, stderr } = await runCommand(
          ['verify', 'parts', '--progress', 'none', ...depth],
          { cwd },
        );
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toMatch(/^Verified parts: .* \(4,110 numbers in [\d,]+ files of 3 shards, /);
      }
      const files = Object.keys(sound).filter((name) => /^shard [13]\/.*(?<!manifest)\.json$/.test(name));
      const [changed, gone] = [files[0]!, files.at(-1)!];
      const bytes = await readFile(join(cwd, 'parts', changed));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(join(cwd, 'parts', changed), bytes);
      await rm(join(cwd, 'parts', gone));
      const found = await runCommand(['verify', 'parts', '-q'], { cwd });
      expect(found.stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
        `parts/${changed}`,
        `parts/${gone}`,
        '',
      ]);
      expect(found).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(/^sigtables: 2 of \d+ files of parts/) as string,
      });
      await expectSound(cwd, '--repair');
      expect(await hashFolder(join(cwd, 'parts'))).toEqual(sound);
    },
    TIMEOUT_MS,
  );

  test(
    'tells of shards that are lost, and repairs the others',
    async () => {
      const cwd = await createFolder();
      await buildBoth(cwd, 3, ['--range', '90..4200', '--layout', 'single']);
      const sound = await hashFolder(join(cwd, 'parts'));
      await rename(join(cwd, 'parts', 'shard 1'), join(cwd, 'elsewhere'));
      await symlink('../elsewhere', join(cwd, 'parts', 'shard 1'));
      await rm(join(cwd, 'parts', 'shard 2', 'manifest.json'));
      await writeFile(join(cwd, 'parts', 'shard 3', 'table.json'), 'no');
      await writeFile(join(cwd, 'parts', 'mine.txt'), 'no');
      const { exitCode, stdout, stderr } = await runCommand(
        ['verify', 'parts', '--repair', '--json', '--progress', 'none'],
        { cwd },
      );
      const document = JSON.parse(stdout) as { faults: object[]; unnamed: string[] };
      expect(document).toMatchObject({
        outcome: 'damaged',
        shards: 3,
        isRepairable: false,
        unnamed: ['mine.txt'],
      });
      expect(document.faults).toEqual([
        { file: 'shard 1/manifest.json', what: expect.stringMatching(/it is no folder/) as string },
        { file: 'shard 2/manifest.json', what: expect.stringMatching(/^no table set/) as string },
      ]);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('put the shards named above back');
      await rm(join(cwd, 'parts', 'shard 1'));
      await rename(join(cwd, 'elsewhere'), join(cwd, 'parts', 'shard 1'));
      await cp(
        join(cwd, 'parts', 'shard 1', 'manifest.json'),
        join(cwd, 'parts', 'shard 2', 'manifest.json'),
      );
      const other = await runCommand(['verify', 'parts', '--progress', 'none'], { cwd });
      expect(other.stdout).toMatch(/^parts\/shard 2\/manifest\.json: is not the shard .* checksum .*\n$/);
      const after = await hashFolder(join(cwd, 'parts'));
      expect(after['shard 3/table.json']).toBe(sound['shard 3/table.json']);
    },
    TIMEOUT_MS,
  );

  test(
    '--deep and --repair of a signature that is not known are refused',
    async () => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.few);
      await buildBoth(cwd, 2, ['--range', '900', '--signature', plugIn]);
      await expectSound(cwd);
      await expectRefusal(['verify', 'parts', '--repair', '--progress', 'none'], 2, /signature tested 1/, {
        cwd,
      });
    },
    TIMEOUT_MS,
  );
});

describe('merge --sharded', () => {
  test(
    'lists shards that lie in the folder, and refuses what does not go together',
    async () => {
      const cwd = await createFolder();
      const build = async (out: string, range: string, ...args: string[]): Promise<void> =>
        succeed(cwd, 'build', '--range', range, '--out', out, '--cpus', '1', ...args);
      await build('all/a', '10..500');
      await build('all/b', '500..900');
      await build('all/gap', '1000..1100');
      await build('all/overlap', '800..1000');
      await build('all/single', '900..1000', '--layout', 'single');
      await build('apart', '900..1000');
      await build('plain', '10..20');
      const refuse = async (reason: RegExp, ...args: string[]): Promise<unknown> =>
        expectRefusal(['merge', ...args, '--sharded', '-q'], 2, reason, { cwd });
      await refuse(/leave a gap/, 'all/a', 'all/b', 'all/gap', '--out', 'all');
      await refuse(/overlap/, 'all/a', 'all/b', 'all/overlap', '--out', 'all');
      await refuse(/overlap/, 'all/a', 'all/a', '--out', 'all');
      await refuse(/differ in their layout/, 'all/a', 'all/b', 'all/single', '--out', 'all');
      await refuse(/apart is no name of a folder in all/, 'all/a', 'all/b', 'apart', '--out', 'all');
      await refuse(/exclude each other/, 'all/a', '--out', 'all', '--layout', 'job');
      // One folder on macOS and Windows: the set could not be read.
      await cp(join(cwd, 'all', 'b'), join(cwd, 'all', 'A'), { recursive: true });
      const twice = ['merge', 'all/a', 'all/A', '--sharded', '--out', 'all', '-q'];
      await expectRefusal(twice, 3, /make up no table set \(it lists a shard twice\)/, { cwd });
      expect(readdirSync(join(cwd, 'all'))).not.toContain('manifest.json');
      await mkdir(join(cwd, 'plain', 'c'));
      await cp(join(cwd, 'all', 'a'), join(cwd, 'plain', 'c'), { recursive: true });
      await refuse(/plain holds the table set 10\.\.20/, 'plain/c', '--out', 'plain');
      await writeFile(join(cwd, 'all', 'manifest.json'), '{"name":"of a web page"}');
      await refuse(/manifest\.json/, 'all/a', 'all/b', '--out', 'all');
      await rm(join(cwd, 'all', 'manifest.json'));
      const { stdout } = await runCommand(['merge', 'all/b', 'all/a', '--sharded', '--out', 'all'], { cwd });
      expect(stdout).toMatch(
        /^Listed 2 shards in all: one table set \(890 numbers, .*, layout signature\)\n$/,
      );
      const written = await readFile(join(cwd, 'all', 'manifest.json'), 'utf8');
      await succeed(cwd, 'merge', 'all/a', 'all/b', '--sharded', '--out', 'all');
      expect(await readFile(join(cwd, 'all', 'manifest.json'), 'utf8')).toBe(written);
      await expectRefusal(
        ['build', '--range', '10..900', '--out', 'all', '-q'],
        2,
        /the sharded table set 10\.\.900/,
        { cwd },
      );
      await expectRefusal(['merge', 'all', '--out', 'all/c', '-q'], 2, /same folder/, { cwd });
      await rename(join(cwd, 'all'), join(cwd, 'moved'));
      await succeed(cwd, 'merge', 'moved', 'apart', '--out', 'merged', '--layout', 'single');
      await build('expected', '10..1000', '--layout', 'single');
      expect(await hashFolder(join(cwd, 'merged'))).toEqual(await hashFolder(join(cwd, 'expected')));
    },
    TIMEOUT_MS,
  );
});

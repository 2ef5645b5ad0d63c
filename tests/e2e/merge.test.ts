import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder, hashFolder, runCommand, startCommand, type CommandResult } from './harness.js';
import { listFiles } from './snapshot.js';

const RANGE = '17..30011';
const LAYOUTS = ['signature', 'job', 'single'] as const;

async function run(cwd: string, ...args: string[]): Promise<CommandResult> {
  return runCommand([...args, '--no-sync'], { cwd });
}

/** Runs what has to succeed. */
async function succeed(cwd: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await run(cwd, ...args, '-q');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
}

/** Builds `range` in parts and returns their folders, the last first. */
async function buildShards(cwd: string, count: number, ...args: string[]): Promise<string[]> {
  const folders = Array.from({ length: count }, (_, i) => `part-${String(i + 1)}`);
  const builds = folders.map(
    (folder, i) => () =>
      succeed(cwd, 'build', '--shard', `${String(i + 1)}/${String(count)}`, '--out', folder, ...args),
  );
  for (let i = 0; i < builds.length; i += 2)
    await Promise.all(builds.slice(i, i + 2).map((start) => start()));
  return folders.reverse();
}

async function expectEqualFolders(cwd: string, folder: string, expected: string): Promise<void> {
  expect(await hashFolder(join(cwd, folder))).toEqual(await hashFolder(join(cwd, expected)));
  expect((await listFiles(join(cwd, folder))).filter((name) => name.startsWith('.'))).toEqual([]);
}

describe('shards', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'merge %i of them to the bytes of the whole',
    async (count) => {
      const cwd = await createFolder();
      const layout = LAYOUTS[count % 3] ?? 'single';
      const args = ['--range', RANGE, '--layout', layout, '--cpus', '1'];
      await succeed(cwd, 'build', ...args, '--out', 'whole');
      const shards = await buildShards(cwd, count, ...args);
      await succeed(cwd, 'merge', ...shards, '--out', 'merged', '--cpus', '2');
      await expectEqualFolders(cwd, 'merged', 'whole');
    },
    120_000,
  );

  it('have the file names of the whole in the layout job', async () => {
    const cwd = await createFolder();
    const args = ['--range', '1e4', '--layout', 'job', '--chunk', '100'];
    await succeed(cwd, 'build', ...args, '--out', 'whole');
    await succeed(cwd, 'build', ...args, '--shard', '1/3', '--out', 'first');
    const whole = await listFiles(join(cwd, 'whole'));
    const first = await listFiles(join(cwd, 'first'));
    expect(first.filter((name) => !whole.includes(name))).toEqual([]);
    expect(first).toContain('00010-00100.json');
    const plain = await run(
      cwd,
      'build',
      '--range',
      '3300',
      '--layout',
      'job',
      '--chunk',
      '100',
      '--out',
      'first',
    );
    expect(plain).toMatchObject({ exitCode: 2 });
    const again = await run(cwd, 'build', ...args, '--shard', '1/3', '--out', 'first');
    expect(again.stdout).toMatch(/^Nothing to do/);
  });

  it('refuse what is no part, and parts that would be empty', async () => {
    const cwd = await createFolder();
    const shard = (text: string): Promise<CommandResult> =>
      run(cwd, 'build', '--range', '15', '--shard', text);
    for (const text of ['0/3', '4/3', '1', '1/0', 'a/b', '-1/3', '1/3/5']) {
      expect(await shard(text)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is no part') });
    }
    expect(await shard('1/6')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('of 5 numbers'),
    });
    expect(await shard('5/5')).toMatchObject({ exitCode: 0 });
    const env = { SIGTABLES_SHARD: '2/2' };
    const planned = await runCommand(['plan', '--range', '30', '--json'], { cwd, env });
    expect(JSON.parse(planned.stdout)).toMatchObject({
      range: { start: '20', end: '30' },
      shard: { index: 2, count: 2, whole: { start: '10', end: '30' } },
    });
  });
});

describe('merge', () => {
  it('converts every layout to every other', async () => {
    const cwd = await createFolder();
    for (const layout of LAYOUTS)
      await succeed(cwd, 'build', '--range', RANGE, '--layout', layout, '--out', layout);
    for (const from of LAYOUTS) {
      for (const to of LAYOUTS) {
        await succeed(cwd, 'merge', from, '--layout', to, '--out', `${from}-${to}`);
        await expectEqualFolders(cwd, `${from}-${to}`, to);
      }
    }
  }, 120_000);

  it('takes other jobs than the sources have, mixed layouts, and says when there is nothing to do', async () => {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', '9000', '--layout', 'job', '--chunk', '700', '--out', 'a');
    await succeed(cwd, 'build', '--range', '9000..20005', '--layout', 'single', '--out', 'b');
    await succeed(cwd, 'build', '--range', '20005', '--layout', 'job', '--chunk', '1234', '--out', 'whole');
    const args = ['merge', 'b', 'a', '--layout', 'job', '--chunk', '1234', '--out', 'merged'];
    const merged = await run(cwd, ...args, '--json');
    expect(JSON.parse(merged.stdout)).toMatchObject({ command: 'merge', outcome: 'built', files: '17' });
    await expectEqualFolders(cwd, 'merged', 'whole');
    expect((await run(cwd, ...args)).stdout).toMatch(/^Nothing to do/);
  });

  it('refuses what does not go together before it writes anything', async () => {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', '100..200', '--out', 'a');
    await succeed(cwd, 'build', '--range', '250..300', '--out', 'b');
    await succeed(cwd, 'build', '--range', '150..250', '--out', 'c');
    await succeed(cwd, 'build', '--range', '200..250', '--layout', 'single', '--out', 'd');
    await symlink('a', join(cwd, 'link'));
    await mkdir(join(cwd, 'empty'));
    await mkdir(join(cwd, 'other'));
    for (const name of await listFiles(join(cwd, 'a')))
      await copyFile(join(cwd, 'a', name), join(cwd, 'other', name));
    await truncate(join(cwd, 'other', await anyTable(join(cwd, 'other'))), 3);
    const refusals: [string[], number, string][] = [
      [['a', 'b'], 2, 'a (100..200) and b (250..300) leave a gap: no folder has 200..250'],
      [['c', 'a'], 2, 'a (100..200) and c (150..250) overlap: both have 150..200'],
      [['a', 'link'], 2, 'overlap'],
      [['d', 'a'], 2, 'a has signature, d has single'],
      [['a', 'empty'], 3, 'no table set in empty'],
      [['a', 'nowhere'], 3, 'no table set in nowhere'],
      [['other'], 3, 'has 3 bytes instead of'],
      [['a', '--out', 'a'], 2, '--out: a and the source a are the same folder'],
      [['link', '--out', 'a/deeper/still'], 2, 'a/deeper/still and the source link'],
      [[], 2, 'folder'],
    ];
    const before = await listFiles(cwd);
    for (const [args, status, message] of refusals) {
      const { exitCode, stderr } = await run(cwd, 'merge', '--out', 'out', ...args);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(exitCode).toBe(status);
    }
    expect(await listFiles(cwd)).toEqual(before);
  });

  it('refuses sets of another signature or another version of it', async () => {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', '100..200', '--out', 'a');
    const path = join(cwd, 'a', 'manifest.json');
    const text = (await readFile(path, 'utf8')).replace('"version":"1"', '"version":"2"');
    const body = text.slice(0, text.indexOf('"checksum"'));
    await writeFile(
      path,
      `${body}"checksum":"sha256:${createHash('sha256').update(body).digest('hex')}"\n}\n`,
    );
    const { exitCode, stderr } = await run(cwd, 'merge', 'a', '--out', 'out');
    expect(stderr).toContain('a holds the signature reduced 2');
    expect(exitCode).toBe(2);
  });

  it('names a damaged file, leaves no manifest, and goes on once the file is mended', async () => {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', '9000', '--out', 'whole');
    const [second = '', first = ''] = await buildShards(cwd, 2, '--range', '9000');
    const table = await anyTable(join(cwd, second));
    const path = join(cwd, second, table);
    const sound = await readFile(path);
    const damaged = Buffer.from(sound);
    damaged[sound.length >> 1]! ^= 2;
    await writeFile(path, damaged);
    const failed = await run(cwd, 'merge', first, second, '--out', 'merged');
    expect(failed.stderr).toContain(`${second}/${table} is damaged`);
    expect(failed.exitCode).toBe(3);
    expect(await listFiles(join(cwd, 'merged'))).not.toContain('manifest.json');
    await writeFile(path, sound);
    await succeed(cwd, 'merge', first, second, '--out', 'merged');
    await expectEqualFolders(cwd, 'merged', 'whole');
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s, to the same bytes',
    async (signal) => {
      const cwd = await createFolder();
      await succeed(cwd, 'build', '--range', '4e5', '--out', 'whole');
      const shards = await buildShards(cwd, 3, '--range', '4e5');
      const args = ['merge', ...shards, '--out', 'merged', '--chunk', '5000', '--cpus', '1', '--no-sync'];
      const stopped = await stopMerge(args, cwd, signal);
      if (signal === 'SIGINT') expect(stopped).toMatchObject({ exitCode: 130 });
      expect(stopped.stderr).toContain('merging 3 table sets');
      expect(await listFiles(join(cwd, 'merged'))).not.toContain('manifest.json');
      const other = await run(cwd, 'merge', ...shards.slice(1), '--out', 'merged');
      expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('unfinished') });
      const ended = await runCommand([...args, '--progress', 'plain'], { cwd });
      if (signal === 'SIGINT') expect(ended.stderr).toMatch(/, [\d,]+ of them done before/);
      expect(ended.exitCode).toBe(0);
      await expectEqualFolders(cwd, 'merged', 'whole');
    },
    120_000,
  );

  it('does again what it had written to a file that is gone', async () => {
    const cwd = await createFolder();
    await succeed(cwd, 'build', '--range', '3e5', '--layout', 'job', '--out', 'whole');
    const shards = await buildShards(cwd, 2, '--range', '3e5', '--layout', 'signature');
    const args = ['merge', ...shards, '--out', 'merged', '--layout', 'job', '--cpus', '1', '--no-sync'];
    await stopMerge(args, cwd, 'SIGINT');
    await rm(join(cwd, 'merged', await anyTable(join(cwd, 'merged'))));
    const ended = await runCommand([...args, '--progress', 'plain'], { cwd });
    expect(ended.stderr).toContain('are done again');
    expect(ended.exitCode).toBe(0);
    await expectEqualFolders(cwd, 'merged', 'whole');
  });
});

async function anyTable(folder: string): Promise<string> {
  return (await listFiles(folder)).find((name) => /^\d/.test(name)) ?? '';
}

/** Runs a merge up to its first finished jobs and ends it by `signal`. */
async function stopMerge(
  args: readonly string[],
  cwd: string,
  signal: NodeJS.Signals,
): Promise<{ exitCode: number | undefined; stderr: string }> {
  const running = startCommand([...args, '--progress', 'plain', '--progress-interval', '0.1'], { cwd });
  let said = '';
  let isAsked = false;
  running.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    // Once: a second signal would stop it at once, without a record of what is done.
    if (isAsked || !/ [1-9]\d*\/\d+ jobs/.test(said)) return;
    isAsked = true;
    running.kill(signal);
  });
  const { exitCode, stderr } = await running;
  return { exitCode, stderr };
}

import { createHash } from 'node:crypto';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryDamage } from '../checks/damage.js';
import { createFolder, runCommand, type CommandResult } from './harness.js';
import { KEY_BODIES, writePlugIn } from './plug-ins.js';
import { succeed } from './sharded-sets.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;
const KEYS = ['few', 'skewed', 'sparse', 'none', 'weird'] as const;

async function verifyDeep(cwd: string, ...args: readonly string[]): Promise<CommandResult> {
  return runCommand(['verify', ...args, '--deep', '--cpus', '1', '--progress', 'none'], { cwd });
}

/** The manifest of `tables` with `change` made to its text, and its own checksum mended. */
async function changeManifest(cwd: string, change: (text: string) => string): Promise<void> {
  const path = join(cwd, 'tables', 'manifest.json');
  const text = change(await readFile(path, 'utf8'));
  const body = text.slice(0, text.lastIndexOf('"checksum"'));
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(path, `${body}"checksum":"sha256:${digest}"\n}\n`);
}

/** Changes a table, and its CRC-32 in the manifest: as a program would that writes wrong tables. */
async function changeTable(cwd: string, file: string, change: (text: string) => string): Promise<void> {
  const path = join(cwd, 'tables', file);
  const before = await readFile(path);
  const after = Buffer.from(change(before.toString()));
  expect(after.length).toBe(before.length);
  await writeFile(path, after);
  const [old, now] = [before, after].map((bytes) => crc32(bytes).toString(16).padStart(8, '0'));
  await changeManifest(cwd, (text) => text.replace(`"crc32":"${old!}"`, `"crc32":"${now!}"`));
}

async function buildSet(layout: string, body: string, ...args: readonly string[]): Promise<string> {
  const cwd = await createFolder();
  const plugIn = await writePlugIn(cwd, body);
  const size = ['--range', '3..1203', '--chunk', '200', '--layout', layout];
  await succeed(cwd, 'build', '--signature', plugIn, ...size, '--out', 'tables', ...args);
  return cwd;
}

describe.each(LAYOUTS)('verify --deep of tables of a plug-in in the layout %s', (layout) => {
  it('finds sound ones sound, with and without their signature', async () => {
    for (const keys of KEYS) {
      const cwd = await buildSet(layout, KEY_BODIES[keys]);
      const plain = await verifyDeep(cwd);
      expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
      expect(plain.stdout).toContain('keys not recomputed');
      const keyed = await verifyDeep(cwd, '--signature', './plug-in.mjs', '--json');
      expect(JSON.parse(keyed.stdout)).toMatchObject({ outcome: 'sound', keysChecked: true });
    }
  }, 120_000);

  it('finds values sound', async () => {
    for (const aggregate of ['count', 'max']) {
      const cwd = await buildSet(layout, KEY_BODIES.weird, '--aggregate', aggregate);
      expect(await verifyDeep(cwd, '--signature', './plug-in.mjs')).toMatchObject({
        exitCode: 0,
        stderr: '',
      });
    }
  }, 60_000);

  it('finds any damage', async () => {
    const cwd = await buildSet(layout, KEY_BODIES.few);
    const file = { signature: '2.json', job: '0200-0400.json', single: 'table.json' }[layout];
    const path = join(cwd, 'tables', file);
    const sound = await readFile(path);
    for (const damage of fc.sample(arbitraryDamage, { numRuns: 12, seed: 7 })) {
      const damaged = damage(sound);
      if (damaged.equals(sound)) continue;
      await writeFile(path, damaged);
      const found = await verifyDeep(cwd, '--signature', './plug-in.mjs');
      expect(found).toMatchObject({ exitCode: 3 });
      expect(found.stdout).toMatch(new RegExp(`^tables/${file}: .*\\n$`));
    }
  }, 120_000);
});

describe('verify --deep of tables of a plug-in', () => {
  it('names the first wrong byte of what its checksums vouch for', async () => {
    // "2":[9,16,23,…] of the numbers 3 to 1202 by their rests.
    const cases: [(text: string) => string, string][] = [
      [(text) => text.replace('[9,16,', '[9,06,'), 'byte 8: "0" stands where a number is to'],
      [(text) => text.replace('[9,16,', '[9,96,'), 'byte 11: 23 is not above the number before it'],
      [(text) => text.replace('[9,16,', '[1,16,'), 'byte 6: 1 is not in 3..1203'],
      [(text) => text.replace('1199]', '1209]'), 'is not in 3..1203'],
      [(text) => text.replace('"2":', '"3":'), 'byte 5: the bucket 3 has offset 5, not 5'],
      [(text) => text.replace('[9,16,', '[8,16,'), 'the bucket 2 has first 8, not 9'],
      [(text) => text.replace(']}', ']]'), '"]" stands where "}" is to'],
      [(text) => text.replace('{"2"', '{x2"'), 'byte 1: "x" stands where "\\"" is to'],
    ];
    const cwd = await buildSet('signature', KEY_BODIES.few);
    const sound = await readFile(join(cwd, 'tables', '2.json'), 'utf8');
    expect(sound).toMatch(/^\{"2":\[9,16,23,.*,1199\]\}$/);
    for (const [change, message] of cases) {
      await changeTable(cwd, '2.json', () => change(sound));
      const { exitCode, stdout } = await verifyDeep(cwd);
      expect(stdout).toMatch(/^tables\/2\.json: /);
      if (!message.includes('bucket 3')) expect(stdout).toContain(message);
      expect(exitCode).toBe(3);
    }
  }, 60_000);

  it('finds a number of another key by the signature alone', async () => {
    const cwd = await buildSet('single', KEY_BODIES.few);
    await changeTable(cwd, 'table.json', (text) => text.replace(',16,', ',17,'));
    expect(await verifyDeep(cwd)).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await verifyDeep(cwd, '--signature', './plug-in.mjs');
    expect(stdout).toMatch(/^tables\/table\.json: byte \d+: 17 has the signature 3, not 2\n$/);
    expect(exitCode).toBe(3);
  });

  it('finds a manifest that does not say what the tables hold', async () => {
    const cwd = await buildSet('job', KEY_BODIES.few);
    const addTo = (text: string, key: string, more: number): string =>
      text.replace(
        new RegExp(`("key":"${key}".*?"count":")(\\d+)"`),
        (_, head: string, count: string) => `${head}${Number(count) + more}"`,
      );
    await changeManifest(cwd, (text) => addTo(addTo(text, '2', -1), '3', 1));
    const { exitCode, stdout } = await verifyDeep(cwd);
    expect(stdout).toBe('tables/manifest.json: what it says of the buckets is not what the tables hold\n');
    expect(exitCode).toBe(3);
  });

  it('says where a file was cut off, or goes on', async () => {
    const cwd = await buildSet('signature', KEY_BODIES.few);
    await truncate(join(cwd, 'tables', '2.json'), 20);
    await appendFile(join(cwd, 'tables', '3.json'), ' ');
    const { stdout } = await verifyDeep(cwd);
    expect(stdout).toMatch(/2\.json: it has 20 bytes instead of \d+; byte 20: the file ends there/);
    expect(stdout).toMatch(
      /3\.json: it has \d+ bytes instead of \d+; byte \d+: the file goes on behind its end/,
    );
  });

  it('checks sharded sets, and lists of buckets', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, "return 'k' + m;");
    const args = ['--signature', plugIn, '--range', '420000', '--layout', 'single', '--cpus', '2'];
    for (const part of ['1', '2'])
      await succeed(cwd, 'build', ...args, '--shard', `${part}/2`, '--out', join('tables', part));
    await succeed(cwd, 'merge', 'tables/1', 'tables/2', '--sharded', '--out', 'tables');
    const sound = await verifyDeep(cwd, '--signature', plugIn);
    expect(sound).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sound.stdout).toContain('every number is right');
  }, 120_000);

  it('refuses another signature, one without --deep, and one that fails', async () => {
    const cwd = await buildSet('single', KEY_BODIES.few);
    const refuse = async (status: number, message: string, ...args: string[]): Promise<void> => {
      const result = await runCommand(['verify', ...args, '--cpus', '1', '-q'], { cwd });
      expect(result).toMatchObject({ exitCode: status, stderr: expect.stringContaining(message) });
      expect(result.stderr.trim().split('\n')).toHaveLength(1);
    };
    await refuse(2, 'add --deep', '--signature', './plug-in.mjs');
    await refuse(2, 'verify it without --repair', '--repair');
    await writePlugIn(cwd, KEY_BODIES.few, '// changed');
    await refuse(2, "built with the signature's file", '--deep', '--signature', './plug-in.mjs');
    await succeed(cwd, 'build', '--range', '1000', '--out', 'reduced');
    await refuse(
      2,
      'built with the signature reduced 1',
      'reduced',
      '--deep',
      '--signature',
      './plug-in.mjs',
    );
    const body = "if (process.env.FAIL === '1' && m === 500) throw new Error('no more'); return m % 7;";
    const failing = await buildSet('single', body);
    const failed = await runCommand(
      ['verify', '--deep', '--signature', './plug-in.mjs', '--cpus', '1', '-q'],
      {
        cwd: failing,
        env: { FAIL: '1' },
      },
    );
    expect(failed).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('keyOf threw at 500') });
  }, 60_000);
});

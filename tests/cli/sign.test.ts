import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { testUnless, testWith } from '../programs.js';
import { COMMAND, createFolder, ROOT, runCommand } from '../e2e/harness.js';
import { readReferenceSignatures } from '../fixtures/reference-signatures.js';

const SIGN = [COMMAND, 'sign'];
/** Far more than pipes and stream buffers hold. */
const MANY_LINES = '1234567\n'.repeat(500_000);
/** What takes the place of a full disk. */
const NO_FULL_DISK = existsSync('/dev/full') ? undefined : 'there is no /dev/full';

describe('sign', () => {
  it('prints a line per number', async () => {
    const result = await runCommand(['sign', '1234567', '1e9', '2**64-1', '0012', '10^30', ' 10 + 1 ']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toBe(
      '1234567\t1667\n1000000000\t0920\n18446744073709551615\t8215\n12\t0211\n' +
        `1${'0'.repeat(30)}\t3020\n11\t0211\n`,
    );
  });

  it('takes arguments of any length', async () => {
    const digits = '9'.repeat(100_000);
    expect((await runCommand(['sign', digits])).stdout).toBe(`${digits}\t${1 + 9 * 99_998}99\n`);
  });

  it('prints JSON', async () => {
    const { stdout } = await runCommand(['sign', '--json', '1234567', '10**20']);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      numbers: [
        { number: '1234567', signature: '1667' },
        { number: '100000000000000000000', signature: '2020' },
      ],
    });
    expect(stdout.endsWith(']}\n')).toBe(true);
  });

  it('explains itself', async () => {
    const { stdout } = await runCommand(['sign', '--explain', '1234', '10']);
    expect(stdout).toBe(`1234\t0434
  step  number  subtracted
     1    1234  nothing: counting begins at 1
     2     234  10 * 10^2
     3     134  10 * 10^1
     4      34  10 * 10^1
  key: 04 (steps, at least two digits) then 34 (what is left) = 0434
10\t0210
  step  number  subtracted
     1      10  nothing: counting begins at 1
     2      10   0 * 10^0
  key: 02 (steps, at least two digits) then 10 (what is left) = 0210
`);
  });

  it('explains itself in JSON', async () => {
    const { stdout } = await runCommand(['sign', '--explain', '--json', '123', '12']);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      numbers: [
        {
          number: '123',
          signature: '0223',
          steps: [{ step: 2, before: '123', power: '10', subtracted: 10, after: '23' }],
        },
        {
          number: '12',
          signature: '0211',
          steps: [{ step: 2, before: '12', power: '1', subtracted: 1, after: '11' }],
        },
      ],
    });
  });

  it('shows examples and exit statuses in its help', async () => {
    const { stdout, exitCode } = await runCommand(['sign', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Examples:\n.*sigtables sign 1234567/);
    expect(stdout).toContain('Exit status');
  });

  it.each([
    [['5'], 'sign "5" has no signature: it is defined from 10 on'],
    [['-5'], 'sign "-5" is negative'],
    [['12', 'abc'], 'sign "abc" is not a number'],
    [['--explain', '12', '1.5'], 'sign "1.5" is not a whole number'],
    [['--json', '12', ''], 'sign "" is empty'],
    [['9**9**9'], 'sign "9**9**9" is not a number'],
    [['1e999999999'], 'sign "1e999999999" is too large'],
    [['-', '12'], 'leave the other arguments out'],
    [[], 'missing required argument'],
  ])('refuses %j before it prints anything', async (args, complaint) => {
    const result = await runCommand(['sign', ...args]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(complaint);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('sign -', () => {
  it('signs the lines of standard input', async () => {
    const vectors = readReferenceSignatures();
    const result = await runCommand(['sign', '-'], { input: vectors.map(({ n }) => `${n}\n`).join('') });
    expect(result.stdout).toBe(vectors.map(({ n, key }) => `${n}\t${key}\n`).join(''));
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('reads more than fits in a pipe, line by line', async () => {
    const result = await runCommand(['sign', '-'], { input: MANY_LINES });
    expect(result.stdout === '1234567\t1667\n'.repeat(500_000)).toBe(true);
  });

  it.each([
    ['', []],
    ['10\r\n1e3', ['10', '1000']],
  ])('prints %j as one JSON document', async (input, numbers) => {
    for (const flags of [['--json'], ['--json', '--explain']]) {
      const document = JSON.parse((await runCommand(['sign', '-', ...flags], { input })).stdout) as {
        numbers: { number: string }[];
      };
      expect(document.numbers.map(({ number }) => number)).toEqual(numbers);
    }
  });

  it('explains the lines of standard input', async () => {
    const { stdout } = await runCommand(['sign', '--explain', '-'], { input: '12\n1234\r\n' });
    expect(stdout).toBe((await runCommand(['sign', '--explain', '12', '1234'])).stdout);
  });

  it.each([[[]], [['--explain']]])('names the bad line behind the good ones (flags %j)', async (flags) => {
    const result = await runCommand(['sign', ...flags, '-'], { input: '10\n11\n\n12\n' });
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toMatch(/^10\t0210\n(.*\n)*11\t0211\n/);
    expect(result.stdout).not.toContain('12\t');
    expect(result.stderr).toMatch(/^sigtables: standard input, line 3: "" is empty.*\n$/);
  });

  it('answers each line as it comes', async () => {
    const child = spawn(process.execPath, [...SIGN, '-']);
    for (const [line, answer] of [
      ['10\n', '10\t0210\n'],
      ['1234567\n', '1234567\t1667\n'],
    ] as const) {
      child.stdin.write(line);
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
      expect(chunk.toString()).toBe(answer);
    }
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('ends quietly when its reader has gone', async () => {
    const child = spawn(process.execPath, [...SIGN, '-']);
    // The input outlives the reader: writing it fails in the end, as it does for `yes | sigtables sign - | head`.
    child.stdin.on('error', () => undefined);
    child.stdin.write(MANY_LINES);
    const stderr = readText(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await stderr).toBe('');
  });

  it('fails with status 6 when standard input is a folder', async () => {
    const folder = openSync(ROOT, 'r');
    const child = spawn(process.execPath, [...SIGN, '-'], { stdio: [folder, 'pipe', 'pipe'] });
    const stderr = readText(child.stderr!);
    expect(await once(child, 'close')).toEqual([6, null]);
    expect(await stderr).toMatch(/^sigtables: cannot read standard input: it is a folder\n$/);
    closeSync(folder);
  });

  testUnless(NO_FULL_DISK, 'fails with status 6 when the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [...SIGN, '12'], { stdio: ['ignore', full, 'pipe'] });
    const stderr = readText(child.stderr!);
    expect(await once(child, 'close')).toEqual([6, null]);
    expect(await stderr).toMatch(/^sigtables: cannot write .*ENOSPC.*\n$/);
    closeSync(full);
  });

  testWith('bash', 'fails with status 6 when a write is cut short', async () => {
    const output = join(await createFolder(), 'signatures.txt');
    // The limit cuts the last of a few writes in two; bash counts it in KiB. Without the trap the signal would kill.
    const script = 'trap "" XFSZ; ulimit -f 10; exec "$0" "$@" > "$OUTPUT"';
    const env = { ...process.env, OUTPUT: output };
    const child = spawn('bash', ['-c', script, process.execPath, ...SIGN, '-'], { env });
    const stderr = readText(child.stderr);
    child.stdin.end('1234567\n'.repeat(1000));
    expect(await once(child, 'close')).toEqual([6, null]);
    expect(await stderr).toMatch(/^sigtables: cannot write .*EFBIG.*\n$/);
    expect((await stat(output)).size).toBe(10 * 1024);
  });
});

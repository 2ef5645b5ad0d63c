import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { closedForm } from '../../src/index.js';
import { COMMAND, createFolder, ROOT, runCommand } from './harness.js';
import { testWith } from '../programs.js';

let cwd = '';

beforeAll(async () => {
  cwd = await createFolder();
  await runCommand(['build', '--range', '1e6', '--cpus', '1', '--no-sync', '-q'], { cwd });
});

async function print(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function fail(...args: string[]): Promise<{ exitCode: number | undefined; stderr: string }> {
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toHaveLength(1);
  return { exitCode, stderr };
}

const MEMBERS = [...closedForm(1e6).members('1667')];

test.each([[[]], [['--range', '1e6']]])(
  'lookup prints a bucket, parts of it, one number, or its size (%j)',
  async (source) => {
    expect(await print('lookup', '1667', ...source)).toBe(`${MEMBERS.join('\n')}\n`);
    expect(await print('lookup', '1667', '--from', '5', '--limit', '2', ...source)).toBe(
      `${MEMBERS[5]}\n${MEMBERS[6]}\n`,
    );
    expect(await print('lookup', '1667', '--limit', '0', ...source)).toBe('');
    expect(await print('lookup', '1667', '--at', '1e2', ...source)).toBe(`${MEMBERS[100]}\n`);
    expect(await print('lookup', '1667', '--count', ...source)).toBe(`${MEMBERS.length}\n`);
  },
);

test('lookup and find print one JSON document with numbers as strings', async () => {
  const head = { schemaVersion: 1, command: 'lookup', signature: '1667', count: String(MEMBERS.length) };
  const all = { ...head, from: '0', numbers: MEMBERS.map(String) };
  expect(JSON.parse(await print('lookup', '1667', '--json'))).toEqual(all);
  expect(JSON.parse(await print('lookup', '1667', '--limit', '0', '--json'))).toEqual({
    ...all,
    numbers: [],
  });
  const one = { ...head, index: '3', number: String(MEMBERS[3]) };
  expect(JSON.parse(await print('lookup', '1667', '--at', '3', '--json'))).toEqual(one);
  expect(JSON.parse(await print('lookup', '1667', '--count', '--json'))).toEqual(head);
  const found = JSON.parse(await print('find', '123467', '--json')) as { signature: string; index: string };
  expect(found).toMatchObject({ command: 'find', number: '123467', file: `${found.signature}.json` });
  expect(await print('lookup', found.signature, '--at', found.index)).toBe('123467\n');
});

test('find says where a number stands', async () => {
  const index = closedForm(1e6).indexOf(150_567);
  expect(await print('find', '150567', '--range', '1e6')).toBe(`signature  1267\nindex      ${index}\n`);
  const text = await print('find', '150567');
  expect(text).toMatch(/^signature {2}1267\nindex {6}\d+\nfile {7}tables\/1267\.json\noffset {5}\d+\n$/);
});

test('a hundred digits need no tables', async () => {
  const number = await print('lookup', '1667', '--range', '1e100', '--at', '1e15');
  expect(await print('find', number.trim(), '--range', '1e100')).toBe(
    `signature  1667\nindex      ${10n ** 15n}\n`,
  );
  const { exitCode, stderr } = await fail('lookup', '1667', '--range', '1e100', '--at', '1e80');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('1667 has 1569699964747155780 numbers');
});

test('what cannot be answered is refused in one line', async () => {
  expect(await fail('lookup', '9x')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"9x"') });
  expect(await fail('lookup', '1667', '--from', '1e6')).toMatchObject({ exitCode: 2 });
  expect(await fail('lookup', '1667', '--at', '1', '--count')).toMatchObject({ exitCode: 2 });
  expect(await fail('lookup', '1667', '--range', '1e6', '--tables', 'tables')).toMatchObject({ exitCode: 2 });
  expect(await fail('lookup', '1667', '--tables', 'nowhere')).toMatchObject({ exitCode: 3 });
  expect(await fail('find', '1e6')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('1000000 is not in'),
  });
});

testWith('bash', 'a closed pipe ends lookup quietly', async () => {
  const command = `set -o pipefail; node ${COMMAND} lookup 3755 --range 1e12 | head -n 2`;
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', command], { cwd, reject: false });
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '999955\n1899955', stderr: '', exitCode: 0 });
});

/** The examples of the README, as they stand there; DuckDB's is run where its command is. */
const READERS = [
  ['python3', ['-c', 'import json; print(len(json.load(open("tables/1667.json"))["1667"]))']],
  ['jq', ['.["1667"] | length', 'tables/1667.json']],
  ['duckdb', ['-noheader', '-list', '-c', `SELECT len("1667") FROM read_json('tables/1667.json')`]],
] as const;

for (const [program, args] of READERS)
  testWith(program, `${program} reads a table`, async () => {
    const { stdout } = await execa(program, args, { cwd });
    expect(stdout).toBe(String(MEMBERS.length));
  });

testWith('python3', 'the Python of the README reads a bucket by the manifest', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [example] = /^    import json\n(?: {4}.*\n)+/m.exec(readme) ?? [];
  const script = `${String(example).replace(/^ {4}/gm, '')}print(len(numbers))`;
  const { stdout } = await execa('python3', ['-c', script], { cwd });
  expect(stdout).toBe(String(MEMBERS.length));
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { countStrings } from '../signatures/reduced/digit-strings.js';
import { createFolder, runCommand } from './harness.js';

/** The built-in signature by its definition, as a file: without a closed form, so that its values pass through the spool. */
const LITERAL = `export default {
  name: 'reduced', version: '1', start: 10,
  keyOf: (n) => {
    let [steps, rest] = [1, BigInt(n)];
    do {
      const power = 10n ** BigInt(String(rest).length - 2);
      steps += 1;
      for (let time = 1; time <= 10; time += 1) if (rest - power > 10n) rest -= power;
    } while (String(rest).length !== 2);
    return String(steps).padStart(2, '0') + rest;
  },
};`;

let cwd = '';

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'literal.mjs'), LITERAL);
});

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function build(out: string, ...args: string[]): Promise<void> {
  await run('build', ...args, '--out', out, '--cpus', '2', '--no-sync', '-q');
}

/** The files of a set by name; of the manifest, all but what tells a file's signature from the built-in one. */
async function readSet(out: string): Promise<Record<string, unknown>> {
  const names = (await readdir(join(cwd, out))).filter((name) => !name.startsWith('.'));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(cwd, out, name), 'utf8')]),
  );
  const files = Object.fromEntries(texts) as Record<string, string>;
  const manifest = JSON.parse(files['manifest.json'] ?? '') as Record<string, unknown>;
  const { signature } = manifest;
  expect(signature).toMatchObject({ name: 'reduced', version: '1' });
  return { ...files, 'manifest.json': { ...manifest, signature: '', checksum: '' } };
}

const SETS = [
  ...['signature', 'single', 'job'].map((layout) => ({ layout, aggregate: 'sum' })),
  ...['count', 'min', 'max'].map((aggregate) => ({ layout: 'job', aggregate })),
];

describe('by the closed form, tables are those of going through the numbers', () => {
  test.each(SETS)('$aggregate in the layout $layout', async ({ layout, aggregate }) => {
    const args = ['--range', '95..12345', '--chunk', '5000', '--layout', layout, '--aggregate', aggregate];
    const name = `${layout}-${aggregate}`;
    await build(name, ...args);
    await build(`${name}-literal`, ...args, '--signature', './literal.mjs');
    expect(await readSet(name)).toEqual(await readSet(`${name}-literal`));
  });

  test.each(['single', 'job'])('sums around 2^53 and above, in the layout %s', async (layout) => {
    for (const range of ['9007199254740000..9007199254741500', '10**30-500..10**30+700']) {
      const args = ['--range', range, '--chunk', '10**30', '--layout', layout, '--aggregate', 'sum'];
      const name = `${layout}-${range.slice(0, 3)}`;
      await build(name, ...args);
      await build(`${name}-literal`, ...args, '--signature', './literal.mjs');
      expect(await readSet(name)).toEqual(await readSet(`${name}-literal`));
    }
  });

  test.each(['single', 'job'])('shards in the layout %s merge to the whole', async (layout) => {
    const args = ['--range', '1e6', '--layout', layout, '--aggregate', 'sum', '--chunk', '1e5'];
    const name = `shards-${layout}`;
    await build(name, ...args);
    await build(`${name}-1`, ...args, '--shard', '1/2');
    await build(`${name}-2`, ...args, '--shard', '2/2');
    await run('merge', `${name}-1`, `${name}-2`, '--out', `${name}-merged`, '--no-sync', '-q');
    expect(await readSet(`${name}-merged`)).toEqual(await readSet(name));
  });
});

describe('at 1e30', () => {
  const RANGE = ['--range', '1e30'];
  /** Of the prefixes of 28 digits with the digit sum 27: by stars and bars less what has a digit above 9. */
  const PREFIXES = countStrings(28n, 27n);
  /** Each of 28 places holds 27/28 of their digits; behind each prefix comes 21. */
  const SUM = (100n * ((10n ** 28n - 1n) / 9n) * 27n * PREFIXES) / 28n + 21n * PREFIXES;

  test('lookup adds up a bucket, or a part of it, at once', async () => {
    expect(await run('lookup', '2821', ...RANGE, '--aggregate', 'sum')).toBe(`${SUM}\n`);
    expect(await run('lookup', '2821', ...RANGE, '--aggregate', 'sum', '--limit', '0')).toBe('0\n');
    const half = PREFIXES / 2n;
    const low = await run('lookup', '2821', ...RANGE, '--aggregate', 'sum', '--limit', String(half));
    const high = await run('lookup', '2821', ...RANGE, '--aggregate', 'sum', '--from', String(half));
    expect(BigInt(low) + BigInt(high)).toBe(SUM);
    const part = ['--from', '1e15', '--limit', '1000'];
    const listed = (await run('lookup', '2820', ...RANGE, ...part)).trim().split('\n');
    const sum = listed.reduce((total, n) => total + BigInt(n), 0n);
    const document = await run('lookup', '2820', ...RANGE, ...part, '--aggregate', 'sum', '--json');
    expect(document).toContain(`"from":"1000000000000000","limit":"1000","aggregate":"sum","value":${sum}}`);
  });

  test.each(['count', 'sum'])('the %s is built, sharded, merged and verified', async (aggregate) => {
    const args = [...RANGE, '--aggregate', aggregate, '--layout', 'single'];
    await build(`${aggregate}-huge`, ...args);
    const whole = await readSet(`${aggregate}-huge`);
    const plan = JSON.parse(await run('plan', ...args, '--json')) as Record<string, unknown>;
    expect(plan).toMatchObject({
      jobs: '1',
      files: '1',
      signatures: '22429',
      bytes: String((whole['table.json'] as string).length),
    });
    const value = aggregate === 'sum' ? SUM : aggregate === 'count' ? PREFIXES : undefined;
    if (value !== undefined) expect(whole['table.json']).toContain(`"2821":${value},`);
    for (const i of [1, 2]) await build(`${aggregate}-huge/s${i}`, ...args, '--shard', `${i}/2`);
    const shards = [1, 2].map((i) => `${aggregate}-huge/s${i}`);
    await run('merge', ...shards, '--out', `${aggregate}-merged`, '-q');
    expect(await readSet(`${aggregate}-merged`)).toEqual(whole);
    expect(await run('lookup', '2821', '--tables', `${aggregate}-merged`)).toBe(
      await run('lookup', '2821', ...RANGE, '--aggregate', aggregate),
    );
    await run('verify', `${aggregate}-merged`, '--deep', '-q');
  });

  test('a damaged shard is not merged', async () => {
    const args = [...RANGE, '--aggregate', 'count', '--layout', 'single', '--shard'];
    await build('good', ...args, '1/2');
    await build('bad', ...args, '2/2');
    const path = join(cwd, 'bad', 'table.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/:(\d)/, ':9'));
    const { stderr, exitCode } = await runCommand(['merge', 'good', 'bad', '--out', 'worse'], { cwd });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('table.json is damaged');
  });

  test.each(['plan', 'build'])(
    '%s refuses what would have to be cut into files of jobs, at once',
    async (command) => {
      for (const aggregate of ['count', 'sum', 'min', 'max']) {
        const args = [command, ...RANGE, '--layout', 'job', '--aggregate', aggregate, '--out', 'never'];
        const { stderr, exitCode } = await runCommand(args, { cwd });
        expect(exitCode).toBe(2);
        expect(stderr).toContain('up to 9007199254740992');
      }
    },
  );
});

test('values of a plug-in with a closed form are those of its valueOf, not its numbers', async () => {
  await writeFile(join(cwd, 'evens.mjs'), makeEvens('valueOf: (n) => 1000 - n,'));
  for (const [aggregate, value] of [
    ['min', 2],
    ['max', 1000],
    ['sum', 501 * 500],
    ['count', 500],
  ] as const) {
    const out = `evens-${aggregate}`;
    await build(
      out,
      '--signature',
      './evens.mjs',
      '--range',
      '1000',
      '--aggregate',
      aggregate,
      '--layout',
      'single',
    );
    expect(await readFile(join(cwd, out, 'table.json'), 'utf8')).toBe(
      aggregate === 'count'
        ? '{"even":500,"odd":500}'
        : `{"even":${value},"odd":${aggregate === 'sum' ? 250_000 : value - 1}}`,
    );
  }
});

test.each([
  [
    'with sums',
    'sumsWithin: ({ start, end }) => ({ sum: (key) => add(start, end, key) }),',
    '10..2**60',
    true,
  ],
  ['without', '', '10..2000', false],
])('a closed form of a plug-in %s', async (_, member, range, isClosed) => {
  await writeFile(join(cwd, 'summed.mjs'), makeEvens('', member));
  const out = `summed-${isClosed}`;
  await build(
    out,
    '--signature',
    './summed.mjs',
    '--range',
    range,
    '--aggregate',
    'sum',
    '--layout',
    'single',
  );
  const [start, end] = isClosed ? [10n, 2n ** 60n] : [10n, 2000n];
  const count = (end - start) / 2n;
  const even = ((start + end - 2n) * count) / 2n;
  expect(await readFile(join(cwd, out, 'table.json'), 'utf8')).toBe(`{"even":${even},"odd":${even + count}}`);
});

/** A signature of two keys whose ranges have even bounds, with a closed form by arithmetic. */
function makeEvens(member: string, ofForm = ''): string {
  return `
const half = ({ start, end }) => (end - start) / 2n;
const add = (start, end, key) => {
  const count = (end - start) / 2n;
  return ((start + end - 2n) * count) / 2n + (key === 'odd' ? count : 0n);
};
export default {
  name: 'evens', version: '1',
  keyOf: (n) => (BigInt(n) % 2n === 0n ? 'even' : 'odd'),
  ${member}
  closedForm: {
    tally: (n) => ({ count: () => n / 2n, bytes: () => 0n }),
    rank: (key, n) => n / 2n,
    select: (key, index) => 2n * index,
    tallyWithin: (range) => ({ count: () => half(range), bytes: () => 0n }),
    firstMembers: ({ start }) => [{ key: 'even', number: start }, { key: 'odd', number: start + 1n }],
    lastMembers: ({ end }) => [{ key: 'even', number: end - 2n }, { key: 'odd', number: end - 1n }],
    bucketSizes: () => [],
    measureJobKeys: () => ({ keys: 2n, bytes: 10n }),
    ${ofForm}
  },
};`;
}

describe('lookups of thousands of digits', () => {
  test.each([
    ['lookup', '900020', '--count'],
    ['lookup', '900020', '--aggregate', 'sum'],
    ['lookup', '900020', '--at', '5'],
    ['find', '10**2000-1'],
  ])('that would take minutes are refused at once: %s %s', async (...args) => {
    const { stderr, exitCode } = await runCommand([...args, '--range', '1e2000'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/of 200[01] digits takes too long: give a range of up to \d+ digits/);
  });

  test('of small digit sums are answered', async () => {
    const sum = await run('lookup', '0321', '--range', '1e4000', '--aggregate', 'sum');
    // Two ones or a two in 3998 places: each place holds as much of the digits as any other.
    const k = 3998n;
    const count = (k * (k + 1n)) / 2n;
    expect(sum).toBe(`${(100n * ((10n ** k - 1n) / 9n) * 2n * count) / k + 21n * count}\n`);
  });
});

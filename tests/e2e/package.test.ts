import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, it, test } from 'vitest';
import { ROOT } from './harness.js';

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

const UNPACKED_BYTES_MAX = 2_000_000;

/** Everything that may be in the package. */
const ALLOWED = [
  /^dist\/.+\.(?:c?js|css|d\.ts)$/,
  /^man\/sigtables[\w-]*\.1$/,
  /^bin\/sigtables\.cjs$/,
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-LICENSES)$/,
];

let packed: Packed;

beforeAll(async () => {
  await execa('npm', ['run', '--silent', 'licences'], { cwd: ROOT });
  const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
  packed = (JSON.parse(stdout) as [Packed])[0];
});

test('the package holds the command, the built code and what npm adds, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)))).toEqual([]);
  expect(paths).toEqual(expect.arrayContaining(['dist/main.cjs', 'dist/index.js', 'dist/index.d.ts']));
  expect(paths).toEqual(expect.arrayContaining(['bin/sigtables.cjs', 'LICENSE', 'THIRD-PARTY-LICENSES']));
});

test('it has less than 2 MB unpacked', () => {
  expect(packed.unpackedSize).toBeLessThan(UNPACKED_BYTES_MAX);
});

test('the command is executable in the package', () => {
  expect(packed.files.find(({ path }) => path === 'bin/sigtables.cjs')?.mode).toBe(0o755);
});

it('has no script that an installation would run', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
});

import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ROOT } from './harness.js';

interface Packed {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

async function listPackedFiles(): Promise<Packed['files']> {
  const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
  const [packed] = JSON.parse(stdout) as [Packed];
  return packed.files;
}

test('the package holds the command, the built code and what npm adds, and nothing else', async () => {
  const files = await listPackedFiles();
  const paths = files.map(({ path }) => path);
  const others = paths.filter((path) => !/^dist\/.+\.(?:js|d\.ts)$/.test(path));
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'bin/sigtables.js', 'package.json']);
  expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'dist/index.js', 'dist/index.d.ts']));
});

test('the command is executable in the package', async () => {
  const files = await listPackedFiles();
  expect(files.find(({ path }) => path === 'bin/sigtables.js')?.mode).toBe(0o755);
});

import { accessSync, constants, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';

/** These start worker threads or the command itself, which load built code: Node 20 runs no TypeScript. */
const BUILT = [
  'tests/pool/**',
  'tests/build/**',
  'tests/cli/**',
  'tests/e2e/**',
  'tests/examples/**',
  'tests/report/**',
].map((glob) => `${glob}/*.test.ts`);

/** These look at the built pages in a real browser. */
const BROWSER = 'tests/browser/**/*.test.ts';

const MEMORY_FOLDER = '/dev/shm';
const NEEDED_BYTES = 4e9;

/** The tests make and remove many thousands of files, which a disk takes minutes for and memory seconds. */
function chooseTemporaryFolder(): string {
  try {
    accessSync(MEMORY_FOLDER, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return bavail * bsize > NEEDED_BYTES ? MEMORY_FOLDER : tmpdir();
  } catch {
    return tmpdir();
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', './tests/missing-reporter.ts'],
    // Many tests wait for processes of theirs: two at a time even where there are two CPUs.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: { TMPDIR: process.env['TMPDIR'] ?? chooseTemporaryFolder() },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'source', include: ['tests/**/*.test.ts'], exclude: [...BUILT, BROWSER] },
      },
      { extends: true, test: { name: 'built', include: BUILT, globalSetup: 'tests/fresh-build.ts' } },
      { extends: true, test: { name: 'browser', include: [BROWSER], globalSetup: 'tests/fresh-build.ts' } },
    ],
  },
});

import { defineConfig } from 'vitest/config';

/** These start worker threads or the command itself, which load built code: Node 20 runs no TypeScript. */
const BUILT = ['tests/pool/**', 'tests/build/**', 'tests/cli/**', 'tests/e2e/**'].map(
  (glob) => `${glob}/*.test.ts`,
);

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'source', include: ['tests/**/*.test.ts'], exclude: BUILT } },
      { extends: true, test: { name: 'built', include: BUILT, globalSetup: 'tests/fresh-build.ts' } },
    ],
  },
});

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from './e2e/harness.js';
import { tellSkipped } from './missing-reporter.js';

const TESTS = `
import { expect, test } from 'vitest';
import { describeWith, testUnless, testWith } from '${ROOT}/tests/programs.js';
test('passes', () => { expect(1).toBe(1); });
testWith(['tmux', 'redis-server'], 'both', async () => { expect.fail(); });
describeWith('redis-server', 'a suite', () => {
  test('first', () => { expect.fail(); });
  test('second', () => { expect.fail(); });
});
testWith('pwsh', 'shell', async () => { expect.fail(); });
testUnless('only root may', 'as root', async () => { expect.fail(); });
test('that sees it late', (context) => { context.skip('it does not start'); });
`;

/** Runs those tests with a PATH that has nothing but Node. */
async function runTests(env: Record<string, string>): Promise<{ exitCode: number | undefined; all: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-reporter-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'some.test.ts'), TESTS);
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const reporter = `--reporter=${ROOT}/tests/missing-reporter.ts`;
  const args = [vitest, 'run', '--root', folder, '--reporter=verbose', reporter];
  const { exitCode, all } = await execa(process.execPath, args, {
    env: { PATH: folder, NO_COLOR: '1', ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode, all };
}

test('a run ends with one line of what was skipped, and each skipped test says why', async () => {
  const { exitCode, all } = await runTests({});
  expect(exitCode, all).toBe(0);
  expect(all).toContain('both (skipped: tmux is not installed, redis-server is not installed)');
  expect(all).toContain('a suite (skipped: redis-server is not installed) > second');
  expect(all.trimEnd().split('\n').at(-1)).toBe(
    'Not tested: tmux is not installed, redis-server is not installed (1); redis-server is not installed (2); ' +
      'pwsh is not installed (1); only root may (1); it does not start (1). ' +
      'Install: sudo apt-get install redis-server tmux',
  );
});

test('with CI set, a missing program that CI installs is a failure, and no other', async () => {
  const { exitCode, all } = await runTests({ CI: 'true' });
  expect(exitCode).toBe(1);
  expect(all).toMatch(/2 failed \| 1 passed \| 3 skipped/);
  expect(all).toContain('redis-server is not installed; CI installs it by .ci/install-debian-packages');
});

test('nothing is said where nothing was skipped for a reason', () => {
  expect(tellSkipped([])).toBeUndefined();
});

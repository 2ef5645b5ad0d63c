import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand, startCommand } from './harness.js';
import { writePlugIn } from './plug-ins.js';
import { interruptBuild, readKept, readStart, startBuild } from './running-build.js';
import { listFiles } from './snapshot.js';

const MANY_JOBS = ['--range', '3e6', '--chunk', '10_000', '--layout', 'single', '--out', 'tables'];
/** More than the running jobs of a stopped build are given to end. */
const GRACE_MS = 3_300;
/** Jobs that take a while: long enough to stop the process in the middle of one. */
const LONG_JOBS = ['--range', '3e7', '--chunk', '1e7', '--layout', 'single', '--out', 'tables'];

let manyHashes: Record<string, string>;
let longHashes: Record<string, string>;

beforeAll(async () => {
  manyHashes = await finish(await createFolder(), MANY_JOBS);
  longHashes = await finish(await createFolder(), LONG_JOBS);
});

/** Runs the command to its end; the hashes of what it left, which must be a table set and nothing else. */
async function finish(cwd: string, args: readonly string[]): Promise<Record<string, string>> {
  expect(await runCommand(['build', ...args, '-q'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  const hashes = await hashFolder(join(cwd, 'tables'));
  expect(await listFiles(join(cwd, 'tables'))).toEqual(Object.keys(hashes).sort());
  return hashes;
}

describe('a signal stops a build, and the same command goes on', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: status %i', async (signal, status) => {
    const cwd = await createFolder();
    const { exitCode, stdout, stderr } = await interruptBuild(MANY_JOBS, cwd, signal);
    expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^sigtables: stopped by SIG\w+: [\d,]+ of 300 jobs .* are done and kept in tables; the same command goes on/,
    );
    const next = await interruptBuild(MANY_JOBS, cwd, signal);
    expect(readStart(next.stderr)).toEqual({ jobs: 300, done: readKept(stderr) });
    expect(await finish(cwd, MANY_JOBS)).toEqual(manyHashes);
  });

  test('jobs that are done are not done again', async () => {
    const cwd = await createFolder();
    const kept = readKept((await interruptBuild(MANY_JOBS, cwd, 'SIGINT')).stderr);
    const { stdout } = await runCommand(['build', ...MANY_JOBS, '--json'], { cwd });
    const { numbersWritten } = JSON.parse(stdout) as { numbersWritten: string };
    // The first job begins at 10, not at 0.
    expect(Number(numbersWritten)).toBe(3e6 - Number(kept) * 10_000);
  });

  test('without finished jobs there is nothing to skip, after kill -9 neither', async () => {
    const cwd = await createFolder();
    await interruptBuild(MANY_JOBS, cwd, 'SIGKILL');
    expect(await finish(cwd, MANY_JOBS)).toEqual(manyHashes);
  });
});

test('jobs that do not end in time are cut short, and done again by the next run', async () => {
  const cwd = await createFolder();
  const running = startBuild(LONG_JOBS, cwd);
  await running.says(/ on \d+ CPUs?\n/);
  running.process.kill('SIGINT');
  expect(await running.says(/SIGINT: running jobs end/)).toBe(true);
  running.process.kill('SIGSTOP');
  await sleep(GRACE_MS);
  running.process.kill('SIGCONT');
  expect((await running.process).exitCode).toBe(130);
  expect(readKept(running.saidSoFar())).toBeLessThan(3);
  expect(await finish(cwd, LONG_JOBS)).toEqual(longHashes);
});

test('jobs of a plug-in that never end are ended, within 5 s', async () => {
  const cwd = await createFolder();
  const plugIn = await writePlugIn(cwd, 'if (m > 5000) for (;;); return m % 7;');
  const args = ['--signature', plugIn, '--range', '40000', '--chunk', '5000', '--out', 'tables'];
  const running = startBuild(args, cwd);
  expect(await running.says(/^sigtables: 1\/8 jobs/m)).toBe(true);
  const startMs = performance.now();
  running.process.kill('SIGINT');
  expect((await running.process).exitCode).toBe(130);
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(readKept(running.saidSoFar())).toBe(1);
});

describe('a second signal stops a build at once', () => {
  test('SIGINT twice: status 130', async () => {
    const cwd = await createFolder();
    const running = startBuild(LONG_JOBS, cwd);
    await running.says(/ on \d+ CPUs?\n/);
    running.process.kill('SIGINT');
    expect(await running.says(/SIGINT: running jobs end/)).toBe(true);
    // Stopped in the middle of its jobs, until the second signal is too late to be an echo of the first.
    running.process.kill('SIGSTOP');
    await sleep(700);
    running.process.kill('SIGINT');
    running.process.kill('SIGCONT');
    expect((await running.process).exitCode).toBe(130);
    expect(readKept(running.saidSoFar())).toBe(undefined);
    expect(await finish(cwd, LONG_JOBS)).toEqual(longHashes);
  });

  test('SIGINT, then SIGTERM: status 143', async () => {
    const cwd = await createFolder();
    const running = startBuild(LONG_JOBS, cwd);
    await running.says(/ on \d+ CPUs?\n/);
    running.process.kill('SIGINT');
    expect(await running.says(/SIGINT: running jobs end/)).toBe(true);
    running.process.kill('SIGTERM');
    expect((await running.process).exitCode).toBe(143);
    expect(await finish(cwd, LONG_JOBS)).toEqual(longHashes);
  });
});

describe('what a build prints', () => {
  test('SIGUSR1 gives a line of progress, also without progress lines', async () => {
    const cwd = await createFolder();
    const running = startCommand(['build', ...MANY_JOBS, '--progress', 'none'], { cwd });
    let said = '';
    running.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('jobs (') && running.exitCode === null) {
      await sleep(50);
      // Before it listens, the signal would start Node's debugger; the folder is there once it works.
      if ((await listFiles(cwd)).length > 2) running.kill('SIGUSR1');
    }
    expect((await running).exitCode).toBe(0);
    expect(said).toMatch(/^sigtables: [\d,]+\/300 jobs \(\d+%\), .* elapsed, .*\n/m);
    expect(said).not.toContain('ebugger');
  });

  test('--json: one JSON document on standard output, and nothing else', async () => {
    const { stdout, cwd } = await runCommand(['build', '--range', '1e4', '--json']);
    const again = await runCommand(['build', '--range', '1e4', '--json'], { cwd });
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'build',
      outcome: 'built',
      range: { start: '10', end: '10000' },
      numbers: '9990',
      out: 'tables',
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'already-built', numbers: '9990' });
  });

  test('--json of a build that is stopped: one document too', async () => {
    const { exitCode, stdout, stderr } = await interruptBuild(
      [...MANY_JOBS, '--json'],
      await createFolder(),
      'SIGINT',
    );
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'interrupted', jobsDone: readKept(stderr) });
  });

  test('--quiet: nothing', async () => {
    const { cwd, ...first } = await runCommand(['build', '--range', '1e4', '--quiet']);
    const again = await runCommand(['build', '--range', '1e4', '-q'], { cwd });
    expect(first).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(again).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { startPostgres, type TestServer } from '../distributed/servers.js';
import { createFolder } from '../e2e/harness.js';
import {
  createPlace,
  startSharedBuild,
  startWorker,
  stopWorker,
  type Talking,
} from '../e2e/queue-machines.js';
import { describeInBrowser, findViolations, openPage } from './harness.js';

let queue: TestServer;

beforeAll(async () => {
  queue = await startPostgres();
});

afterAll(async () => {
  await queue.stop();
});

interface SharedRun {
  readonly build: Talking;
  readonly worker: Talking;
  readonly page: Page;
  readonly problems: readonly string[];
  /** Lets the build go on past a number where it waits. */
  readonly open: (number: number) => Promise<void>;
}

/** A build of 12 jobs with one worker of two threads, looked at from its start; it waits at `gates`, and then runs `extra`. */
async function startRun(gates: readonly number[], extra = ''): Promise<SharedRun> {
  const folder = await createFolder();
  const isShut = `!process.getBuiltinModule('fs').existsSync(${JSON.stringify(folder)} + '/' + n)`;
  const isGate = `[${gates.join()}].includes(n)`;
  const place = await createPlace(0, `while (${isGate} && ${isShut}) Atomics.wait(cell, 0, 0, 5); ${extra}`);
  const worker = await startWorker(place, queue.url);
  const args = ['--range', '12000', '--chunk', '1000', '--signature', place.plugIn, '--retries', '0'];
  const build = startSharedBuild(place, queue.url, [...args, '--dashboard']);
  await build.says(/dashboard: \S+\n/);
  const url = /dashboard: (\S+)\n/.exec(build.said())?.[1] ?? '';
  return {
    build,
    worker,
    open: (number) => writeFile(join(folder, `${number}`), ''),
    ...(await openPage(url)),
  };
}

const listJobs = (page: Page, state: string): Promise<number[]> =>
  page.evaluate<number[]>(
    `[...document.querySelectorAll('.cells i')].flatMap((cell, i) => cell.dataset.state === '${state}' ? [i] : [])`,
  );

describeInBrowser('the live page of a build on a queue', () => {
  test('shows which jobs run elsewhere, and the machines', async () => {
    const { build, worker, page, problems, open } = await startRun([4500]);
    await page.getByText('11 of 12').first().waitFor();
    await expect.poll(() => listJobs(page, 'running'), { timeout: 20_000 }).toEqual([4]);
    expect(await listJobs(page, 'done')).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    const machine = page.getByRole('row', { name: new RegExp(`^${hostname()} 2 1 `) });
    await machine.waitFor();
    expect(await findViolations(page)).toEqual([]);
    await open(4500);
    await page.locator('.badge[data-phase=done]').waitFor();
    expect((await listJobs(page, 'done')).length).toBe(12);
    expect((await build.process).exitCode).toBe(0);
    expect(problems).toEqual([]);
    await stopWorker(worker);
  });

  test('marks the job that failed', async () => {
    const { build, worker, page, open } = await startRun(
      [500, 4500],
      `if (n === 4600) throw new Error('no');`,
    );
    await expect.poll(() => listJobs(page, 'running'), { timeout: 20_000 }).toEqual([0, 4]);
    await open(4500);
    await page.locator('.badge[data-phase=failed]').waitFor();
    expect(await listJobs(page, 'failed')).toEqual([4]);
    expect(await listJobs(page, 'running')).toEqual([]);
    expect((await build.process).exitCode).toBe(7);
    await open(500);
    await stopWorker(worker);
  });
});

import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { hashFolder, startCommand } from './harness.js';
import {
  RANGE,
  listRecipes,
  readCronCommand,
  readRecipe,
  readRunSteps,
  readShellArgument,
} from './recipes/page.js';
import { createProject, hashWholeBuild, readShellEnvironment, runShell } from './recipes/project.js';
import { SLURM_PROGRAMS, startCluster } from './recipes/slurm.js';
import { testWith } from '../programs.js';

// A recipe starts up to a dozen processes of npm and Node in turn.
vi.setConfig({ testTimeout: 300_000 });

let whole: Record<string, string> = {};
beforeAll(async () => {
  whole = await hashWholeBuild();
  expect(Object.keys(whole).length).toBeGreaterThan(1000);
});

async function runOk(script: string, cwd: string, env?: Readonly<Record<string, string>>): Promise<void> {
  expect(await runShell(script, cwd, env)).toMatchObject({ exitCode: 0 });
}

async function expectWhole(cwd: string): Promise<void> {
  expect(await hashFolder(join(cwd, 'tables'))).toEqual(whole);
}

it('has a test for every named block of the page', () => {
  const tested = ['package.json', 'workflow', 'cron', 'cron-verify', 'sigtables.service', 'sigtables.timer'];
  tested.push('parallel', 'tables.sbatch', 'slurm-submit', 'kubernetes-build', 'kubernetes-merge');
  expect(listRecipes()).toEqual(tested);
});

it('npm script, with a flag of its own', async () => {
  const cwd = await createProject();
  await runOk('npm run tables -- --cpus 2', cwd);
  await expectWhole(cwd);
});

it('GitHub Actions: the steps of all parts, then those of the merge', async () => {
  const cwd = await createProject();
  const workflow = readRecipe('workflow');
  const parts = /part: \[(.+)\]/.exec(workflow)?.[1]?.split(', ') ?? [];
  for (const part of parts) {
    const [install, ...rest] = readRunSteps(workflow, 'build', part);
    expect(install).toBe('npm ci'); // createProject() is that step
    for (const run of rest) await runOk(run, cwd);
  }
  for (const run of readRunSteps(workflow, 'merge').slice(1)) await runOk(run, cwd);
  expect(parts).toHaveLength(4);
  await expectWhole(cwd);
});

describe('cron', () => {
  const readLine = (name: string, cwd: string): string => readCronCommand(readRecipe(name, cwd));

  it('prints nothing when the tables get built, and when they are there', async () => {
    const cwd = await createProject();
    const line = readLine('cron', cwd);
    expect(line).toContain('--cpus 50% --quiet');
    expect(await runShell(line, '/', readShellEnvironment(cwd))).toEqual({ exitCode: 0, all: '' });
    await expectWhole(cwd);
    expect(await runShell(line, '/', readShellEnvironment(cwd))).toEqual({ exitCode: 0, all: '' });
  });

  it('prints nothing while another build holds the folder', async () => {
    const cwd = await createProject();
    await writeFile(
      join(cwd, 'endless.mjs'),
      "export default { name: 'endless', version: '1', keyOf() { for (;;); } };\n",
    );
    const holder = startCommand(['build', '--signature', './endless.mjs', '--range', RANGE], { cwd });
    await once(holder.stderr, 'data');
    try {
      expect(await runShell(readLine('cron', cwd), '/', readShellEnvironment(cwd))).toEqual({
        exitCode: 0,
        all: '',
      });
    } finally {
      holder.kill('SIGKILL');
      await holder;
    }
  });

  it('prints what the build says when it fails', async () => {
    const cwd = await createProject();
    await writeFile(join(cwd, 'tables'), 'in the way');
    const { all } = await runShell(readLine('cron', cwd), '/', readShellEnvironment(cwd));
    expect(all).toMatch(/^sigtables: .*tables.*$/m);
  });

  it('checks and mends, and says what', async () => {
    const cwd = await createProject();
    const line = readLine('cron-verify', cwd);
    await runOk(readLine('cron', cwd), '/', readShellEnvironment(cwd));
    expect(await runShell(line, '/', readShellEnvironment(cwd))).toEqual({ exitCode: 0, all: '' });
    await writeFile(join(cwd, 'tables', '1667.json'), 'damaged');
    const mended = await runShell(line, '/', readShellEnvironment(cwd));
    expect(mended.exitCode).toBe(0);
    expect(mended.all).toContain('1667.json');
    await expectWhole(cwd);
  });
});

testWith(
  'systemd-analyze',
  'systemd: both units are in order, and the command of the service builds',
  async () => {
    const cwd = await createProject();
    const service = readRecipe('sigtables.service', cwd);
    const units = [join(cwd, 'sigtables.service'), join(cwd, 'sigtables.timer')];
    await writeFile(units[0]!, service);
    await writeFile(units[1]!, readRecipe('sigtables.timer', cwd));
    const analyzed = await execa('systemd-analyze', ['verify', ...units], { reject: false, all: true });
    expect({ exitCode: analyzed.exitCode, said: analyzed.all }).toEqual({ exitCode: 0, said: '' });
    await runOk(/^ExecStart=(.*)$/m.exec(service)?.[1] ?? 'false', cwd);
    await expectWhole(cwd);
  },
);

testWith('parallel', 'GNU parallel', async () => {
  const cwd = await createProject();
  await runOk(readRecipe('parallel'), cwd, { HOME: cwd });
  await expectWhole(cwd);
});

const SLURM = 'Slurm: an array and the merge that waits for it, on a cluster of this machine alone';
testWith(SLURM_PROGRAMS, SLURM, async (context) => {
  const cwd = await createProject();
  await mkdir(join(cwd, 'home'));
  // The cluster has two CPUs, and the test waits for the last job.
  const shrink = (text: string): string => text.replaceAll('--cpus-per-task=8', '--cpus-per-task=1');
  await writeFile(join(cwd, 'tables.sbatch'), shrink(readRecipe('tables.sbatch')));
  await chmod(join(cwd, 'tables.sbatch'), 0o755);
  const submit = shrink(readRecipe('slurm-submit')).replace(
    'sbatch --dependency',
    'sbatch --wait --dependency',
  );
  const cluster = await startCluster().catch((error: unknown) => error as Error);
  if (cluster instanceof Error) return context.skip(`Slurm does not start here: ${cluster.message}`);
  try {
    const { PATH } = readShellEnvironment(cwd);
    await runOk(submit, cwd, { ...cluster.env, PATH: `${PATH}:${cluster.env['PATH'] ?? ''}` });
    await expectWhole(cwd);
  } finally {
    await cluster.stop();
  }
});

it('Kubernetes: the shell lines of each index, a killed one started anew, and the merge', async () => {
  const cwd = await createProject();
  const manifest = readRecipe('kubernetes-build');
  const script = readShellArgument(manifest);
  const completions = Number(/completions: (\d+)/.exec(manifest)?.[1]);
  // What a pod leaves that was killed on another node.
  await mkdir(join(cwd, 'shard-1', '.build'), { recursive: true });
  await writeFile(join(cwd, 'shard-1', '.build', 'lock'), LOCK_OF_ANOTHER_HOST);
  for (let index = 0; index < completions; index++)
    await runOk(script, cwd, { JOB_COMPLETION_INDEX: String(index) });
  await runOk(readShellArgument(readRecipe('kubernetes-merge')), cwd);
  await expectWhole(cwd);
});

const LOCK_OF_ANOTHER_HOST = `${JSON.stringify({
  pid: 7,
  hostname: 'tables-0-abcde',
  bootId: 'another',
  token: 'token',
  since: '2026-01-01T00:00:00.000Z',
  command: 'sigtables build',
})}\n`;

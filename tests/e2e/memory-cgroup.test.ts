import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder } from './harness.js';
import { createMemoryCgroup, runInCgroup } from './memory-cgroup.js';

const LIMIT_BYTES = 160 * 2 ** 20;
const cgroup = createMemoryCgroup(LIMIT_BYTES);
const groups = [
  ['the group itself', cgroup?.folder ?? ''],
  ['a group in it', cgroup?.inner ?? ''],
] as const;
const why = cgroup ? '' : ' (not tested: this user may make no cgroup that bounds the memory)';

describe.skipIf(!cgroup)(`a cgroup that bounds the memory${why}`, () => {
  it.each(groups)('gives the default of --max-memory half of its limit, from %s', async (_name, folder) => {
    const cwd = await createFolder();
    const plugIn = "export default { name: 'one', version: '1', start: 0, keyOf: () => 1 };\n";
    await writeFile(join(cwd, 'one.mjs'), plugIn);
    const args = [
      'build',
      '--signature',
      './one.mjs',
      '--range',
      '1000',
      '--cpus',
      '2',
      '--progress',
      'none',
    ];
    const { exitCode, stderr } = await runInCgroup(folder, args, cwd);
    expect(stderr).toContain(`--max-memory: ${LIMIT_BYTES / 2} bytes are too few for 2 worker threads`);
    expect(exitCode).toBe(5);
  });

  it.each(groups)('is what doctor tells, from %s', async (_name, folder) => {
    const { stdout } = await runInCgroup(folder, ['doctor', '--json', '--no-measure'], await createFolder());
    const { memory } = JSON.parse(stdout) as { memory: { cgroupLimitBytes: number | null } };
    expect(memory.cgroupLimitBytes).toBe(LIMIT_BYTES);
  });
});

import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { NoMoreTrials, type Fault } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { chooseCall, describeCall, ERRNO, runWithFailure, type Stretch } from './harness/failing-calls.js';
import { SMALL_WORKS } from './harness/small-works.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { prepareWork, runUndisturbed } from './harness/works.js';

const KINDS = ['write', 'sync', 'rename', 'create', 'truncate'] as const;

export const ioErrors: Fault = {
  name: 'io-errors',
  fault: 'EIO on the k-th write, fsync, rename, file or folder made, truncation: once and for ever',
  must:
    '6, never success; what a failed sync was to keep is not relied on (the suite wipes it out); ' +
    'the same command ends with the same bytes',
  counts: { short: 12, long: 3500 },
  found:
    'A folder that could not be made for EIO ended with 5, "removed meanwhile": now 6. Going on behind a failed last sync of the ' +
    'folder now syncs it first. One failed build in 200 ended with 1 and no reason, since nothing held the process while its threads ' +
    'were waited for (src/pool/job-pool.ts).',
  run: async (context, random) => {
    const call = await chooseCall(SMALL_WORKS, KINDS, context.trial, random);
    if (!call) throw new NoMoreTrials();
    const { work } = call;
    const cwd = context.folder;
    const { tree } = await runUndisturbed(work, random);
    await prepareWork(work, cwd, random);
    const { result, failed, lost } = await runWithFailure(call, cwd, ERRNO.EIO);
    const what = describeCall(call);
    context.note(failed.length === 0 ? 'not reached' : call.kind);
    if (failed.length === 0) expectStatus(result, [0], what);
    else {
      expectStatus(result, [6], what);
      expectTrue(
        /^(?:sigtables: [^\n]+\n)+$/.test(result.stderr),
        `${what}: not in lines:\n${result.stderr}`,
      );
      expectTrue(/EIO|i\/o error/i.test(result.stderr), `${what}: it does not say why: ${result.stderr}`);
    }
    const manifest = join(cwd, 'tables', 'manifest.json');
    const isCommitted = failed.every((path) => path === join(cwd, 'tables')) || work.name.includes('repair');
    expectTrue(isCommitted || !existsSync(manifest), `${what}: a manifest`);
    lost.forEach(wipeOut);
    expectStatus(await runCommand(work.args, { cwd, isEager: true }), [0], `${what}, gone on with`);
    expectSameTree(readTree(join(cwd, 'tables')), tree, what);
  },
};

/** As a disk does that has lost what it could not write: the file keeps its size. */
function wipeOut({ path, position, bytes }: Stretch): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (position + bytes > size) return; // gone, or cut off since
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(bytes), 0, bytes, position);
  closeSync(fd);
}

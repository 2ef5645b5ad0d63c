import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The package's root: npm runs scripts there. */
const ROOT = process.cwd();
const MEMORY_FOLDER = '/dev/shm';
const NEEDED_BYTES = 2e9;
/** As the bundler writes the constants of src/limits.ts. */
const INTERVAL = /(CHECKPOINT_INTERVAL_MS\s*=\s*)[\d_e.]+/;
const DUTY = /(CHECKPOINT_DUTY\s*=\s*)[\d_e.]+/;

/** What all trials of a run share. */
export interface Suite {
  readonly root: string;
  /** For the trials' folders; in memory where that can be had, since most trials need no disk. */
  readonly folder: string;
  /** A copy of the built command: it stays the same when somebody builds meanwhile. */
  readonly command: string;
  /** The same with a checkpoint whenever a job is done. */
  readonly eagerCommand: string;
}

/** The suite that runs. */
export const SUITE: Suite = openSuite();

function openSuite(): Suite {
  if (!existsSync(join(ROOT, 'dist', 'main.cjs')))
    throw new Error('there is no dist/main.cjs: run "npm run test:faults" in the root');
  const folder = mkdtempSync(join(chooseBase(), 'sigtables-faults-'));
  removeAtEnd(folder);
  const eagerCommand = copyCommand(join(folder, 'eager'));
  makeEager(join(folder, 'eager', 'dist', 'main.cjs'));
  return { root: ROOT, folder, command: copyCommand(join(folder, 'command')), eagerCommand };
}

/** Also when the suite is stopped: what its trials have mounted goes first. */
function removeAtEnd(folder: string): void {
  process.once('exit', () => {
    const mounted = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8').split('\n') : [];
    for (const line of mounted) {
      const [, place = ''] = line.split(' ');
      if (place.startsWith(`${folder}/`)) spawnSync('umount', ['-l', place]);
    }
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => process.exit(status));
}

function chooseBase(): string {
  if (!existsSync(MEMORY_FOLDER)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  return bavail * bsize > NEEDED_BYTES ? MEMORY_FOLDER : tmpdir();
}

function copyCommand(target: string): string {
  mkdirSync(target);
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(ROOT, name), join(target, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  return join(target, 'bin', 'sigtables.cjs');
}

/** Without it, no build of less than 5 s would have anything to go on with after a kill. */
function makeEager(main: string): void {
  const text = readFileSync(main, 'utf8');
  if (!INTERVAL.test(text))
    throw new Error('dist/main.cjs has no CHECKPOINT_INTERVAL_MS: mend tests/faults/harness/suite.ts');
  writeFileSync(main, text.replace(INTERVAL, '$10').replace(DUTY, '$10'));
}

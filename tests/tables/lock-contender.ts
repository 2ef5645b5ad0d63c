import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from 'vitest';
import { bundledModule } from '../bundled.js';

/** How a contender came off. */
export interface Outcome {
  readonly won: boolean;
  readonly message: string;
}

/** A child process that takes and gives back locks when it is told to. */
export interface Contender {
  readonly process: ChildProcess;
  /** With `folder`, the whole lock; without, the lock file alone, as where there are no abstract sockets. */
  acquire(lockFile: string, folder?: string): Promise<Outcome>;
  release(): Promise<void>;
  kill(): Promise<void>;
}

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that says it is running `command`. */
export async function startContender(command: string): Promise<Contender> {
  const args = ['--input-type=module', '-e', script()];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  started.push(child);
  await once(child, 'message');
  const ask = async (message: object): Promise<unknown> => {
    child.send(message);
    return ((await once(child, 'message')) as unknown[])[0];
  };
  return {
    process: child,
    acquire: async (lockFile, folder) => (await ask({ lockFile, folder, command })) as Outcome,
    release: async () => {
      await ask({ release: true });
    },
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function script(): string {
  return `
    const { acquireLock } = await import(${JSON.stringify(bundledModule('tables/lock'))});
    const { claimLockFile, releaseLockFile } = await import(${JSON.stringify(bundledModule('tables/lock-file'))});
    const { describeHolder } = await import(${JSON.stringify(bundledModule('tables/lock-holder'))});
    async function acquireFile(lockFile, command) {
      const self = await describeHolder(command);
      const blocker = await claimLockFile(lockFile, self);
      if (blocker) throw new Error(blocker.holder?.command + ' ' + blocker.liveness);
      return { release: () => releaseLockFile(lockFile, self) };
    }
    let lock;
    process.on('message', async ({ release, lockFile, folder, command }) => {
      try {
        if (release) await lock?.release();
        lock = undefined;
        if (lockFile) lock = folder ? await acquireLock(folder, lockFile, command) : await acquireFile(lockFile, command);
        process.send({ won: lock !== undefined, message: '' });
      } catch (error) {
        process.send({ won: false, message: error.message });
      }
    });
    process.send('ready');`;
}

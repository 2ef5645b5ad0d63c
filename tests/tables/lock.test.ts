import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { bindFolderSocket } from '../../src/tables/folder-socket.js';
import { claimLockFile, releaseLockFile } from '../../src/tables/lock-file.js';
import { describeHolder, type LockHolder } from '../../src/tables/lock-holder.js';
import { keepRenewing } from '../../src/tables/lock-renewal.js';
import { acquireLock } from '../../src/tables/lock.js';
import { parseProcessStat } from '../../src/tables/process-identity.js';
import { startContender } from './lock-contender.js';
import { useTemporaryFolder } from './temporary-folder.js';

const onLinux = process.platform === 'linux';
const inFolder = useTemporaryFolder();
const lockFile = (): string => inFolder('.build', 'lock');
/** More than two renewals. */
const WATCH_MS = 1_200;
const acquire = (command = 'sigtables build', watchMs = WATCH_MS): ReturnType<typeof acquireLock> =>
  acquireLock(inFolder(), lockFile(), command, { watchMs });

beforeEach(async () => {
  await mkdir(inFolder('.build'));
});

/** Leaves a lock file as the holder `changes` describes would have. */
async function forge(changes: Partial<LockHolder>): Promise<LockHolder> {
  const holder = { ...(await describeHolder('forged')), ...changes };
  await writeFile(lockFile(), JSON.stringify(holder));
  return holder;
}

/** A process id that was in use a moment ago. */
async function findEndedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('acquireLock', () => {
  it('locks, names itself in the lock file, and leaves nothing behind', async () => {
    const lock = await acquire('sigtables build --range 1e9');
    const file = JSON.parse(await readFile(lockFile(), 'utf8')) as LockHolder;
    expect(file).toMatchObject({
      pid: process.pid,
      hostname: hostname(),
      command: 'sigtables build --range 1e9',
    });
    expect(await readdir(inFolder('.build'))).toEqual(['lock']);
    await lock.release();
    expect(await readdir(inFolder())).toEqual([]);
  });

  it('can be taken again after release, and released twice', async () => {
    const lock = await acquire();
    await lock.release();
    await lock.release();
    await (await acquire()).release();
  });

  it('refuses a second lock, naming the holder in one line', async () => {
    const lock = await acquire('sigtables build\n\u001b[31m');
    const error = (await acquire().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'LOCKED' });
    expect(error.message).toContain(
      `${inFolder()} is locked by process ${process.pid} on ${hostname()} since 20`,
    );
    expect(error.message).toContain('(sigtables build \\x1b[31m)');
    expect(error.message).toMatch(onLinux ? /wait for it to end/ : /remove/);
    await lock.release();
    await (await acquire()).release();
  });

  it('names the holder in another process', async () => {
    const holder = await startContender('sigtables build --range 5');
    expect(await holder.acquire(lockFile(), inFolder())).toEqual({ won: true, message: '' });
    const named = `process ${String(holder.process.pid)} on ${hostname()}`;
    await expect(acquire()).rejects.toThrow(named);
    await expect(acquire()).rejects.toThrow('(sigtables build --range 5)');
    await holder.release();
    await (await acquire()).release();
  });

  it('can be taken at once after the holder was killed', async () => {
    for (let round = 0; round < 3; round++) {
      const holder = await startContender('killed');
      expect(await holder.acquire(lockFile(), inFolder())).toMatchObject({ won: true });
      await holder.kill();
      expect(existsSync(lockFile())).toBe(true);
      await (await acquire()).release();
      await mkdir(inFolder('.build'));
    }
  });

  it.runIf(onLinux)('locks a folder whatever path leads to it, and no other one', async () => {
    const lock = await acquire();
    const roundabout = acquireLock(inFolder('.build', '..'), inFolder('other-lock'), 'roundabout');
    await expect(roundabout).rejects.toMatchObject({ code: 'LOCKED' });
    await mkdir(inFolder('sub', '.build'), { recursive: true });
    const other = await acquireLock(inFolder('sub'), inFolder('sub', '.build', 'lock'), 'other');
    await other.release();
    await lock.release();
  });

  it.runIf(onLinux)('is locked while another has the socket, even if no file says who', async () => {
    const socket = await bindFolderSocket(inFolder());
    if (typeof socket === 'string') throw new Error(socket);
    await forge({ pid: await findEndedPid() });
    await expect(acquire()).rejects.toThrow(`${inFolder()} is locked by another process`);
    await socket.close();
    await (await acquire()).release();
  });

  it('does without the folder of the lock file, which a build that ends may remove', async () => {
    const lock = await acquireLock(inFolder(), inFolder('gone', 'lock'), 'x');
    await lock.release();
    await expect(acquireLock(inFolder(), inFolder('a', 'b', 'lock'), 'x')).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await (await acquire()).release(); // a failure leaves no socket bound
  });
});

describe('release', () => {
  it('leaves the lock file of somebody else', async () => {
    const lock = await acquire();
    const other = await forge({});
    await lock.release();
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toEqual(other);
  });

  it('keeps what an interrupted build needs, and removes what killed processes left of theirs', async () => {
    const lock = await acquire();
    await writeFile(inFolder('.build', 'journal'), '');
    await writeFile(`${lockFile()}.token.tmp`, '');
    await lock.release();
    expect(await readdir(inFolder('.build'))).toEqual(['journal']);
  });
});

describe('a lock file', () => {
  it.runIf(onLinux).each([
    ['from before a reboot', { bootId: 'earlier' }],
    ['of a process whose id another one has now', { startTicks: '1' }],
    [
      'of the first process of the machine, which is another one now',
      { pid: 1, startTicks: '0' + '9'.repeat(9) },
    ],
  ])('%s is taken over', async (_case, changes) => {
    await forge(changes);
    const lock = await acquire('successor');
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ command: 'successor' });
    await lock.release();
    expect(await readdir(inFolder())).toEqual([]);
  });

  it.each([
    '',
    '\0'.repeat(500),
    '{"pid":12',
    '{}',
    '[]',
    '{"pid":-1,"hostname":"h","token":"../x","since":"","command":""}',
  ])('that names nobody, such as %j, is taken over', async (text) => {
    await writeFile(lockFile(), text);
    await (await acquire()).release();
    expect(await readdir(inFolder())).toEqual([]);
  });

  it('of an ended process is taken over', async () => {
    await forge({ pid: await findEndedPid() });
    await (await acquire()).release();
  });

  it.each([
    ['another host', { bootId: 'other', hostname: 'other' }],
    ['another machine of the same name', { bootId: 'other', machine: 'other' }],
    ['another container', { pidNamespace: 'pid:[1]' }],
  ])('of %s stays, and the message says how to go on', async (_case, changes) => {
    const holder = await forge(changes);
    const error = (await acquire().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'LOCKED' });
    expect(error.message).toContain(
      `process ${holder.pid} on ${holder.hostname} since ${holder.since} (forged)`,
    );
    expect(error.message).toContain(`remove ${lockFile()}`);
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toEqual(holder);
    await expect(acquire('again', 10)).rejects.toMatchObject({ code: 'LOCKED' }); // and the socket is free again
  });

  it.runIf(onLinux)('of another container whose socket is free is taken over', async () => {
    const lock = await acquire();
    const { socket } = JSON.parse(await readFile(lockFile(), 'utf8')) as LockHolder;
    await lock.release();
    await mkdir(inFolder('.build'));
    await forge({ pidNamespace: 'pid:[1]', socket: socket! });
    await (await acquire()).release();
  });

  it.runIf(onLinux)('of a killed process that nobody waited for is taken over', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    onTestFinished(() => void parent.kill());
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    let stat: ReturnType<typeof parseProcessStat>;
    do stat = parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    while (!stat?.exited);
    await forge({ pid, startTicks: stat.startTicks });
    await (await acquire()).release();
  });

  it('that a dead process was just removing is taken over', async () => {
    const pid = await findEndedPid();
    const stale = await forge({ pid, token: 'stale' });
    for (const [taken, token] of [
      ['stale', 'remover'],
      ['remover', 'second-remover'],
    ]) {
      await writeFile(`${lockFile()}.${taken!}`, JSON.stringify({ ...stale, token }));
    }
    await (await acquire()).release();
    expect(await readdir(inFolder())).toEqual([]);
  });

  it('that a live process is just removing stays', async () => {
    await forge({ pid: await findEndedPid(), token: 'stale' });
    const remover = await describeHolder('remover');
    expect(await claimLockFile(`${lockFile()}.stale`, remover)).toBeUndefined();
    await expect(acquire()).rejects.toThrow('(remover)');
    await releaseLockFile(`${lockFile()}.stale`, remover);
    await (await acquire()).release();
  });
});

describe('a holder that only its nonce shows', () => {
  const CLONES = [
    ['a clone of this machine', { bootId: 'of the clone' }],
    ['another host', { bootId: 'other', hostname: 'other' }],
    ['another container', { pidNamespace: 'pid:[1]' }],
  ] as const;

  it.each(CLONES)('lives on %s while it renews it: its lock stays', async (_where, changes) => {
    const holder = await forge({ ...changes, pid: await findEndedPid() });
    const stop = keepRenewing(lockFile(), holder, () => undefined);
    onTestFinished(stop);
    const error = (await acquire().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'LOCKED' });
    expect(error.message).toContain('wait for it to end');
    const { nonce, ...kept } = JSON.parse(await readFile(lockFile(), 'utf8')) as LockHolder;
    expect(kept).toEqual({ ...holder, nonce: undefined });
    expect(Number(nonce)).toBeGreaterThan(0);
  });

  it('of another boot and an earlier version, which has none, stays too', async () => {
    const holder = await forge({ bootId: 'earlier' });
    await writeFile(lockFile(), JSON.stringify({ ...holder, nonce: undefined }));
    await expect(acquire()).rejects.toThrow(`remove ${lockFile()}`);
  });

  it('is let go of while it is watched: the lock is taken', async () => {
    const holder = await forge({ bootId: 'of the clone' });
    const acquiring = acquire('successor', 10_000);
    await releaseLockFile(lockFile(), holder);
    await (await acquiring).release();
  });

  it.runIf(onLinux)('holds against the whole watch by default, and gives way when it ends', async () => {
    const holder = await forge({ bootId: 'of the clone' });
    const stop = keepRenewing(lockFile(), holder, () => undefined);
    await expect(acquireLock(inFolder(), lockFile(), 'x')).rejects.toMatchObject({ code: 'LOCKED' });
    await stop();
    await (await acquireLock(inFolder(), lockFile(), 'x')).release();
  });

  it('is told when another took the lock over, and writes nothing into its file', async () => {
    const lost = new Promise<void>((onLost) => {
      void acquireLock(inFolder(), lockFile(), 'frozen', { onLost }).then((lock) =>
        onTestFinished(() => lock.release()),
      );
    });
    while (!existsSync(lockFile())) await new Promise(setImmediate);
    await rm(lockFile());
    const successor = await forge({});
    await lost;
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toEqual(successor);
  });

  it('is told when its lock file is removed', async () => {
    const holder = await describeHolder('removed');
    await new Promise<void>((onLost) => {
      keepRenewing(lockFile(), holder, onLost);
    });
  });
});

describe.each([
  ['with the socket', true],
  ['with the lock file alone', false],
])('8 processes at once, %s', (_case, whole) => {
  const folder = (): string | undefined => (whole ? inFolder() : undefined);

  it.each([
    ['nothing', () => Promise.resolve()],
    ['a stale lock file', async () => forge({ pid: await findEndedPid() })],
    ['a garbled lock file', () => writeFile(lockFile(), '')],
  ])('find %s: exactly one wins, 10 times', async (_found, prepare) => {
    const contenders = await Promise.all(
      Array.from({ length: 8 }, (_, i) => startContender(`contender ${i}`)),
    );
    for (let round = 0; round < 10; round++) {
      await mkdir(inFolder('.build'), { recursive: true });
      await prepare();
      const outcomes = await Promise.all(contenders.map((each) => each.acquire(lockFile(), folder())));
      const won = outcomes.map((outcome, i) => (outcome.won ? [i] : [])).flat();
      expect(won, JSON.stringify(outcomes)).toHaveLength(1);
      const named = new RegExp(whole ? `\\(contender ${won[0]!}\\)` : '^contender \\d');
      for (const outcome of outcomes) if (!outcome.won) expect(outcome.message).toMatch(named);
      await Promise.all(contenders.map((each) => each.release()));
    }
    expect(await readdir(inFolder())).toEqual([]);
  });

  it('find the lock of a killed one: exactly one wins', async () => {
    const contenders = await Promise.all(
      Array.from({ length: 8 }, (_, i) => startContender(`contender ${i}`)),
    );
    while (contenders.length > 1) {
      const outcomes = await Promise.all(contenders.map((each) => each.acquire(lockFile(), folder())));
      const won = outcomes.map((outcome, i) => (outcome.won ? [i] : [])).flat();
      expect(won, JSON.stringify(outcomes)).toHaveLength(1);
      await contenders.splice(won[0]!, 1)[0]!.kill();
    }
  });
});

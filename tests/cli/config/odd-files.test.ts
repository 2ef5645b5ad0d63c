import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findConfigFile } from '../../../src/cli/config/search.js';
import { createFolder, runCommand, startCommand } from '../../e2e/harness.js';

const isRoot = process.getuid?.() === 0;

const makePipe = (path: string): Promise<unknown> => promisify(execFile)('mkfifo', [path]);

/** What may stand where a file is expected, and how to put it there. */
const ODD_THINGS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a pipe': makePipe,
  'a link to /dev/zero': (path) => symlink('/dev/zero', path),
  'a link to /dev/full': (path) => symlink('/dev/full', path),
  'a link to itself': (path) => symlink(path, path),
  'a folder': (path) => mkdir(path),
  'a link to a folder': (path) => symlink('/tmp', path),
  'a socket': makeSocket,
  'a sparse file of 1 TB': async (path) => {
    await writeFile(path, '');
    await truncate(path, 1e12);
  },
};

/** The name of a socket goes with its server, so the server stays until the test's process ends. */
function makeSocket(path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref().listen(path, () => resolve(undefined));
  });
}

describe.each(Object.entries(ODD_THINGS))('%s', (_kind, put) => {
  it.each(['sigtables.config.json', '.sigtablesrc', '.sigtablesrc.json', 'sigtables.config.mjs'])(
    'named %s in a folder above is refused by name',
    async (name) => {
      const top = await createFolder();
      await mkdir(join(top, 'a'));
      const folder = name.endsWith('.mjs') ? top : join(top, 'a');
      await put(join(top, name));
      await expect(findConfigFile(folder, top)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(
          new RegExp(
            `${name.replaceAll('.', '\\.')}(?: is not a plain file|: it holds more than).*--no-config`,
          ),
        ),
      });
    },
  );

  it('named package.json stops nothing', async () => {
    const top = await createFolder();
    await mkdir(join(top, 'a'));
    await put(join(top, 'a', 'package.json'));
    await writeFile(join(top, '.sigtablesrc'), '{"range": "1e3"}');
    expect((await findConfigFile(join(top, 'a'), top))?.content).toEqual({ range: '1e3' });
  });
});

describe('a package.json beside a signature', () => {
  const modern = 'export default { name: "mod", version: "1", keyOf: (n) => n % 3 };\n';
  const build = async (put: (path: string) => Promise<unknown>, name: string) => {
    const cwd = await createFolder();
    await put(join(cwd, 'package.json'));
    await writeFile(join(cwd, name), modern);
    return runCommand(['build', '--range', '0..10', '--signature', `./${name}`, '--out', 'out'], { cwd });
  };

  // Node itself reads it, so there is no way to go on.
  it.each(['a.js', 'a.mjs', 'a.ts'])('that is a pipe is refused (%s)', async (name) => {
    const { stderr, exitCode } = await build(makePipe, name);
    expect({ stderr, exitCode }).toMatchObject({
      stderr: expect.stringMatching(/package\.json is not a plain file, and Node would wait for it/),
      exitCode: 2,
    });
  });

  it.each(['a.js', 'a.mjs', 'a.ts'])('that is a folder stops nothing (%s)', async (name) => {
    expect(await build((path) => mkdir(path), name)).toMatchObject({ exitCode: 0 });
  });
});

describe('a file that a flag names', () => {
  it.each(['config.json', 'queue', 'ca.pem'])('may be a pipe (%s)', async (name) => {
    const cwd = await createFolder();
    await makePipe(join(cwd, name));
    const args = {
      'config.json': ['plan', '--json', '--config', name],
      queue: ['status', '--queue-file', name],
      'ca.pem': ['status', '--queue', 'redis://127.0.0.1:1', '--queue-ca', name],
    }[name]!;
    const running = startCommand(args, { cwd });
    const text = { 'config.json': '{"range": "1e3"}', queue: 'redis://127.0.0.1:1', 'ca.pem': 'x' }[name]!;
    await writeFile(join(cwd, name), text); // opens once the command has
    const { stdout, stderr } = await running;
    expect(name === 'config.json' ? stdout : stderr).toMatch(
      {
        'config.json': /"end":"1000"/,
        queue: /cannot use the queue redis:/,
        'ca.pem': /is for an encrypted/,
      }[name]!,
    );
  });

  it.each(['--config', '--queue-file', '--queue-ca'])('is not endless (%s)', async (flag) => {
    const queue = flag === '--queue-ca' ? ['--queue', 'rediss://127.0.0.1:1'] : [];
    const { stderr, exitCode } = await runCommand(['status', ...queue, flag, '/dev/zero']);
    expect({ stderr, exitCode }).toMatchObject({
      stderr: expect.stringMatching(/cannot read \/dev\/zero: it holds more than 1 MiB/),
      exitCode: 2,
    });
  });

  it('does not keep a command from ending at SIGTERM', async () => {
    const cwd = await createFolder();
    await makePipe(join(cwd, 'queue'));
    const running = startCommand(['status', '--queue-file', 'queue'], { cwd });
    const writer = await promisify(execFile)('sh', ['-c', 'exec 3> queue; echo $$'], { cwd }); // it reads now
    expect(writer.stdout).not.toBe('');
    running.kill('SIGTERM');
    expect((await running).exitCode).not.toBe(0);
  });

  it.each(['/dev/zero', '.', 'pipe.mjs'])('is a plain file where it is a signature (%s)', async (file) => {
    const cwd = await createFolder();
    await makePipe(join(cwd, 'pipe.mjs'));
    const path = file === '.' ? './' : `./${file}`;
    const named = file.startsWith('/') ? file : path;
    const { stderr, exitCode } = await runCommand(['plan', '--range', '1e3', '--signature', named], { cwd });
    expect({ stderr, exitCode }).toMatchObject({
      stderr: expect.stringMatching(/cannot read the signature .*: it is a (?:device|folder|pipe), not a/),
      exitCode: 2,
    });
  });
});

describe.skipIf(!isRoot)('what belongs to another user', () => {
  const OTHER = 4711;

  it('stays refused where it is a config, whatever it is', async () => {
    for (const name of ['.sigtablesrc', 'package.json']) {
      const top = await createFolder();
      await writeFile(join(top, name), '{"sigtables": {"range": "1e3"}}');
      await chown(join(top, name), OTHER, OTHER);
      await expect(findConfigFile(top, top)).rejects.toThrow(/belongs to another user/);
    }
    const top = await createFolder();
    await makePipe(join(top, '.sigtablesrc'));
    await chown(join(top, '.sigtablesrc'), OTHER, OTHER);
    await expect(findConfigFile(top, top)).rejects.toThrow(/belongs to another user/);
  });

  it('and is a package.json that cannot be read stops nothing', async () => {
    const top = await createFolder();
    await chmod(top, 0o755);
    await writeFile(join(top, 'package.json'), '{}', { mode: 0o600 });
    const script = `process.setgid(${OTHER}); process.setuid(${OTHER}); process.chdir(${JSON.stringify(top)});
      const { spawnSync } = require('node:child_process');
      const { COMMAND } = process.env;
      const run = spawnSync(process.execPath, [COMMAND, 'plan', '--range', '1e3', '--json'], { encoding: 'utf8' });
      process.stdout.write(JSON.stringify([run.status, run.stderr]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      env: {
        ...process.env,
        COMMAND: new URL('../../../bin/sigtables.cjs', import.meta.url).pathname,
        HOME: '/',
      },
    });
    expect(JSON.parse(stdout)).toEqual([0, '']);
  });
});

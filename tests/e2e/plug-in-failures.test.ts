import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder, runCommand } from './harness.js';

/** How a plug-in may fail outside of its calls, or throw what cannot be looked at, and what is said of it. */
const FAILURES: Readonly<Record<string, readonly [code: string, said: string]>> = {
  'a rejection that nobody awaits': [
    "keyOf(n) { if (n === 99) Promise.reject(new Error('lost')); return n % 7; }",
    'Error: lost',
  ],
  'a timer that throws': [
    "keyOf(n) { if (n === 99) setImmediate(() => { throw new Error('late'); }); return n % 7; }",
    'Error: late',
  ],
  'a crash while setup waits for ever': [
    "setup() { setTimeout(() => { throw new Error('in setup'); }, 20); return new Promise(() => {}); }, keyOf: (n) => n % 7",
    'Error: in setup',
  ],
  'a thread of its own that throws': [
    "async setup() { const { Worker } = await import('node:worker_threads'); new Worker('throw new Error(\"deep\")', { eval: true }); return new Promise(() => {}); }, keyOf: (n) => n % 7",
    'Error: deep',
  ],
  'an error whose message throws': [
    "keyOf() { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw 1; } }); throw e; }",
    'keyOf threw at 0: something that cannot be shown',
  ],
  'a revoked proxy': [
    'keyOf() { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy; }',
    'keyOf threw at 0: something that cannot be shown',
  ],
  'process.exit()': [
    'keyOf(n) { if (n === 99) process.exit(0); return n % 7; }',
    'threw at 99: Error: process.exit() was called',
  ],
  'process.exit() whose throw is caught': [
    'keyOf(n) { try { process.exit(0); } catch {} return n % 7; }',
    'process.exit',
  ],
  'a random key': ['keyOf: () => Math.random()', 'keyOf first gave 0.'],
  null: ['keyOf() { throw null; }', 'keyOf threw at 0: null'],
  'a message of 100 MB': ["keyOf() { throw new Error('a'.repeat(1e8)); }", 'keyOf threw at 0: Error: aaaa'],
};

describe('a build whose plug-in fails', () => {
  it.each(Object.entries(FAILURES))('ends with 7 and says so: %s', async (_, [code, said]) => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'bad.mjs'), `export default { name: 'bad', version: '1', start: 0, ${code} };`);
    const command = ['build', '--signature', './bad.mjs', '--range', '0..100', '--cpus', '2', '-q'];
    const { exitCode, stderr } = await runCommand(command, { cwd });
    expect(stderr).toMatch(/bad\.mjs (failed: |ended the process)/);
    expect(stderr).toContain(said);
    expect(exitCode).toBe(7);
    expect(stderr.length).toBeLessThan(1000);
  });

  it('names the number at which keyOf hangs when it is asked again', async () => {
    const cwd = await createFolder();
    const code = 'keyOf: ((seen) => (n) => { while (seen.has(n)); seen.add(n); return 1; })(new Set())';
    await writeFile(join(cwd, 'bad.mjs'), `export default { name: 'bad', version: '1', start: 0, ${code} };`);
    const command = ['build', '--signature', './bad.mjs', '--range', '7..8', '--job-timeout', '1', '-q'];
    const { exitCode, stderr } = await runCommand(command, { cwd });
    expect(stderr).toContain('--job-timeout, and was at 7;');
    expect(exitCode).toBe(7);
  });
});

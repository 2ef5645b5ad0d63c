import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { LockWatch } from '../../src/distributed/lock-watch.js';
import { findSignature } from '../../src/distributed/own-signatures.js';
import { importOptional } from '../../src/distributed/packages.js';
import type { LoadedSignature } from '../../src/signatures/plug-in/source.js';

const HASH = 'a'.repeat(64);
const OWN = {
  name: 'mine',
  version: '1',
  fileHash: HASH,
  options: { base: '7' },
} as unknown as LoadedSignature;
const WANTED = { name: 'mine', version: '1', fileHash: HASH, options: { base: '7' } };

describe('findSignature', () => {
  test('the built-in one, and the same file with the same options', () => {
    expect(findSignature({ name: 'reduced', version: '1' }, [])).toBeUndefined();
    expect(findSignature(WANTED, [OWN])).toBe(OWN);
  });

  test.each([
    ['another file', { fileHash: 'b'.repeat(64) }],
    ['another version', { version: '2' }],
    ['other options', { options: { base: '8' } }],
    ['another name', { name: 'yours' }],
  ])('refuses %s', (_, change) => {
    expect(() => findSignature({ ...WANTED, ...change }, [OWN])).toThrow(/wants the signature/);
  });
});

describe('LockWatch', () => {
  test('ends work whose lock was not renewed in time, and no other', async () => {
    const worker = new EventEmitter();
    const watch = new LockWatch(worker as never, 50);
    const [kept, lost] = [watch.hold('kept'), watch.hold('lost')];
    const renewal = setInterval(() => worker.emit('locksRenewed', { jobIds: ['kept'] }), 1);
    await new Promise((resolve) => {
      lost.signal.addEventListener('abort', resolve);
    });
    clearInterval(renewal);
    expect(lost.signal.reason).toMatch(/not renewed/);
    // A loaded machine may have held the renewal up too; the queue's own word ends it in any case.
    worker.emit('lockRenewalFailed', ['kept']);
    expect(kept.signal.aborted).toBe(true);
    watch.close();
  });
});

test('a package that is missing is named with the command that installs it', async () => {
  const missing = Object.assign(new Error("Cannot find package 'bullmq' imported from here"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(importOptional('bullmq', () => Promise.reject(missing))).rejects.toThrow(
    'the package bullmq is not installed: run npm install bullmq@6',
  );
  const other = new Error('broken');
  await expect(importOptional('bullmq', () => Promise.reject(other))).rejects.toBe(other);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startWorkerPool } from '../../src/pool/job-pool.js';

// Without the wait this aborts the process, about once in a hundred times: an end at a bad moment is likely, never certain.
test('threads may be ended at any moment of their start', async () => {
  for (let i = 0; i < 10; i++) {
    const pool = startWorkerPool('run-verify', {}, 2);
    await sleep(20 * i);
    const first = pool.destroy();
    expect(pool.destroy()).toBe(first);
    await first;
  }
}, 120_000);

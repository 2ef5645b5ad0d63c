import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { PostedMachine } from './board.js';

/** What a worker with so many threads says of itself before its first job. */
export function describeMachine(threads: number): PostedMachine {
  return {
    format: 2,
    kind: 'machine',
    id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    threads,
    running: 0,
    jobs: 0,
    failures: 0,
    numbers: '0',
  };
}

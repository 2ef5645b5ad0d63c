import { describe, expect, test } from 'vitest';
import { readJobData } from '../../src/distributed/job-data.js';

const SOUND = {
  format: 1,
  build: 'b0123456789ab',
  token: '0'.repeat(32),
  job: 3,
  out: 'all/tables',
  start: '10',
  end: '1000',
  chunk: '100',
  layout: 'single',
  nameDigits: 4,
  signature: { name: 'reduced', version: '1' },
  aggregate: 'list',
  yields: 'set',
  partitions: 1,
  setLayout: 'single',
  sync: true,
};

describe('readJobData', () => {
  test('takes what a build gives out', () => {
    expect(readJobData('id', SOUND)).toEqual(SOUND);
  });

  test.each([
    ['a folder out of the root', { out: '../tables' }],
    ['a folder that leads back', { out: 'tables/../../etc' }],
    ['an absolute folder', { out: '/etc' }],
    ['a folder of another system', { out: 'c:\\tables' }],
    ['a build that is a path', { build: '../b0123456789' }],
    ['a job that is no number', { job: '../3' }],
    ['an empty range', { start: '1000' }],
    ['a range that is no number', { end: '1e9' }],
    ['jobs of no numbers', { chunk: '0' }],
    ['an unknown layout', { layout: 'tree' }],
    ['an unknown aggregate of the built-in signature', { aggregate: 'constructor' }],
    ['a member that nobody knows', { command: 'rm' }],
    ['a signature that brings a file', { signature: { ...SOUND.signature, path: '/tmp/x.mjs' } }],
  ])('refuses %s', (_, change) => {
    expect(() => readJobData('id', { ...SOUND, ...change })).toThrow(/^job id of the queue is malformed/);
  });
});

import { describe, expect, test } from 'vitest';
import { hashTerms, hashWork, readJobData } from '../../src/distributed/job-data.js';

/** What `SOUND` is named in the queue. */
const ID = 'b0123456789ab-3';

const SOUND = {
  format: 2,
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
    expect(readJobData(ID, SOUND)).toEqual(SOUND);
  });

  test.each([
    ['a job behind the last one', { job: 10 }],
    ['what is named as another job', { job: 4 }],
    ['what is named as a job of another build', { build: 'b0123456789ac' }],
    ['a timeout of less than a millisecond', { jobTimeoutMs: 60_000.5 }],
    ['a timeout that no timer takes', { jobTimeoutMs: 2 ** 31 }],
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
    expect(() => readJobData(ID, { ...SOUND, ...change })).toThrow(
      /^job b0123456789ab-3 of the queue is malformed/,
    );
  });
});

test('another version is named, not called malformed', () => {
  expect(() => readJobData(ID, { ...SOUND, format: 1 })).toThrow(
    /^job b0123456789ab-3 of the queue has format 1, and this version of sigtables reads format 2: install the same version/,
  );
});

describe('the hash of what the jobs of a build have in common', () => {
  const sound = readJobData(ID, SOUND);

  test('is the same for all its jobs, in whatever order a server keeps the members', () => {
    const turned = Object.fromEntries(Object.entries({ ...SOUND, job: 4 }).reverse());
    expect(hashTerms(readJobData('b0123456789ab-4', turned))).toBe(hashTerms(sound));
    const options = { ...sound, signature: { ...sound.signature, options: { a: '1', b: '2' } } };
    const swapped = { ...sound, signature: { ...sound.signature, options: { b: '2', a: '1' } } };
    expect(hashTerms(swapped)).toBe(hashTerms(options));
  });

  test.each([
    { start: '2' },
    { end: '999' },
    { chunk: '99' },
    { aggregate: 'count' },
    { layout: 'job' },
    { setLayout: 'job' },
    { yields: 'spool' },
    { partitions: 2 },
    { nameDigits: 5 },
    { out: 'other' },
    { signature: { name: 'reduced', version: '2' } },
  ])('is another with %o', (change) => {
    const other = readJobData(ID, { ...SOUND, ...change });
    expect(hashTerms(other)).not.toBe(hashTerms(sound));
    expect(hashWork(other)).not.toBe(hashWork(sound));
  });

  test('a timeout is a term, and does not shape a result', () => {
    const other = { ...sound, jobTimeoutMs: 5 };
    expect(hashTerms(other)).not.toBe(hashTerms(sound));
    expect(hashWork(other)).toBe(hashWork(sound));
  });
});

import { describe, expect, test } from 'vitest';
import { validateRecord } from '../../src/build/journal-records.js';

const PLAN = {
  signature: 'reduced',
  signatureVersion: '1',
  start: '10',
  end: '3000',
  layout: 'job',
  chunk: '300',
  nameDigits: 4,
};
const HEADER = { type: 'header', format: 1, writer: '0.1.0', plan: PLAN, planHash: 'x' };

test('takes what a build writes', () => {
  for (const record of [
    HEADER,
    { ...HEADER, partitions: 7 },
    { type: 'checkpoint', jobs: [[0, 3]], firstFile: 0, crcs: '', bytes: [1, 2, 3] },
    { type: 'discard', jobs: [] },
    { type: 'files', names: ['1.json', 'table.json'] },
  ]) {
    expect(validateRecord(record)).toBe(record);
  }
});

describe('refuses what a build never writes', () => {
  test.each([
    { type: 'files', names: ['../x'] },
    { type: 'files', names: ['/etc/passwd'] },
    { type: 'files', names: [5] },
    { type: 'checkpoint', jobs: [[0, 1e15]], firstFile: 0, crcs: '', bytes: [] },
    { type: 'discard', jobs: [[-1, 5]] },
    { type: 'discard', jobs: [['0', '5']] },
    { ...HEADER, partitions: 1e9 },
    { ...HEADER, partitions: 0 },
    { ...HEADER, writer: 1 },
    { ...HEADER, plan: undefined },
    ...[
      { start: 'x' },
      { end: '9'.repeat(400) },
      { end: '9'.repeat(20), chunk: '1' },
      { chunk: '0' },
      { layout: 'other' },
      { nameDigits: 1e9 },
      { signature: null },
    ].map((change) => ({ ...HEADER, plan: { ...PLAN, ...change } })),
  ])('%j', (record) => {
    expect(() => validateRecord(record)).toThrow();
  });
});

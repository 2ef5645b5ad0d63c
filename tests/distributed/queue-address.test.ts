import { describe, expect, test } from 'vitest';
import { holdsPassword, parseQueueAddress } from '../../src/distributed/queue-address.js';

describe('parseQueueAddress', () => {
  test.each([
    ['redis://db', { kind: 'redis', host: 'db', port: 6379, isEncrypted: false, place: 'redis://db:6379' }],
    ['rediss://db:7000/3', { port: 7000, database: '3', isEncrypted: true, place: 'rediss://db:7000/3' }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, place: 'redis://[::1]:6380' }],
    [
      'postgresql://me@db/jobs',
      { kind: 'postgres', user: 'me', port: 5432, place: 'postgres://db:5432/jobs' },
    ],
    ['postgres://db/jobs?sslmode=verify-full', { isEncrypted: true }],
    [' redis://db\n', { host: 'db' }],
  ])('%s', (text, expected) => {
    expect(parseQueueAddress(text, '--queue')).toMatchObject(expected);
  });

  test('credentials are taken and never named', () => {
    const address = parseQueueAddress('redis://me:p%40ss%2Fword@db', '--queue');
    expect(address).toMatchObject({ user: 'me', password: 'p@ss/word', place: 'redis://db:6379' });
    expect(holdsPassword(address)).toBe(true);
  });

  test.each(['db:6379', 'http://db', 'redis://', 'redis://db/first', 'redis://%zz:secret@db', 'secret word'])(
    'refuses %s, and does not quote it',
    (text) => {
      const refuse = (): unknown => parseQueueAddress(text, 'SIGTABLES_QUEUE');
      expect(refuse).toThrow(/^SIGTABLES_QUEUE is no queue: expected redis/);
      expect(refuse).not.toThrow(/secret/);
    },
  );

  test.each([
    'postgres://u:12/sekret@db/jobs',
    'redis://:a?sekret@db',
    'redis://u:a#sekret@db',
    'postgres://u:p/q?sekret#r@db/j',
  ])('refuses %s, whose password is not escaped, and does not quote it', (text) => {
    const refuse = (): unknown => parseQueueAddress(text, '--queue');
    expect(refuse).toThrow(/^--queue is no queue: an @ stands behind its host/);
    expect(refuse).not.toThrow(/sekret/);
  });
});

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findTimeParameter, giveServerTimes } from '../../src/distributed/postgres-backend.js';
import { ServerClock } from '../../src/distributed/server-clock.js';

const require = createRequire(import.meta.url);

/** The texts of the BullMQ that is installed. */
const { SQL_COMMANDS, SQL_MIGRATIONS } = require(
  join(dirname(require.resolve('bullmq')), 'postgres/sql-scripts.js'),
) as Record<'SQL_COMMANDS' | 'SQL_MIGRATIONS', Record<string, string>>;

/** The functions of the server's side, and their parameters in order. */
const FUNCTIONS = new Map(
  [
    ...Object.values(SQL_MIGRATIONS)
      .join('\n')
      .matchAll(/FUNCTION (\w+)\s*\(([^)]*)\)/g),
  ].map(([, name = '', parameters = '']) => [
    name,
    parameters.split(',').map((one) => one.trim().replace(/\s+/g, ' ')),
  ]),
);

// All that write down until when a lock holds, or look whether one does.
const COMMANDS = [
  'move_to_active',
  'next_signal',
  'move_to_completed_fetch',
  'move_to_failed_fetch',
  'move_active_to_wait',
  'move_stalled_jobs_to_wait',
  'extend_lock',
];

test.each(COMMANDS)('the text of %s names the time by the machine, where its function takes it', (name) => {
  const at = findTimeParameter(SQL_COMMANDS[`${name}.sql`] ?? '');
  expect(FUNCTIONS.get(name)?.[at ?? -1]).toBe('p_now bigint');
});

test('extend_locks, which is no function, adds the length of a lock to the time that it names', () => {
  const text = SQL_COMMANDS['extend_locks.sql'] ?? '';
  expect(text).toContain(`locked_until_ms = $${(findTimeParameter(text) ?? -1) + 1}::bigint + `);
});

test('no other text reads or writes until when locks hold', () => {
  const own = Object.keys(SQL_COMMANDS).filter((name) => SQL_COMMANDS[name]?.includes('locked_until'));
  expect(own).toEqual(['extend_locks.sql']);
});

test('a backend gives the time of the server in its place, and nothing else changes', async () => {
  const asked: unknown[] = [];
  const backend = {
    query: (text: string, params?: readonly unknown[]) => Promise.resolve(asked.push([text, params])),
  };
  const given = giveServerTimes(backend, new ServerClock(() => Promise.reject(new Error()), 1e12));
  await given.query('-- $1 queue, $2 now_ms.\nx', ['q', 5]);
  await given.query('-- $1 queue, $2 now_ms.\nx', ['q', 'no time']);
  await given.query('-- $1 queue, $2 other.\nx', ['q', 5]);
  await given.query('no parameters');
  const [[, [, time]]] = asked as [[string, [string, number]]];
  expect(time - 1e12).toBeGreaterThanOrEqual(0);
  expect(time - 1e12).toBeLessThan(60_000);
  expect(asked.slice(1)).toEqual([
    ['-- $1 queue, $2 now_ms.\nx', ['q', 'no time']],
    ['-- $1 queue, $2 other.\nx', ['q', 5]],
    ['no parameters', undefined],
  ]);
});

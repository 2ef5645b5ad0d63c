import { afterEach, expect, test, vi } from 'vitest';
import { printStatus } from '../../src/cli/status-result.js';
import { buildRecord, machineRecord } from '../../src/distributed/board.js';
import { fromOutside } from '../../src/errors/quoting.js';

const HOSTILE = 'x\x1b]52;c;aGk=\x07\u202e\r\n\x9b2J';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What `status` prints of a queue where all texts are hostile. */
function print(isJson: boolean): string {
  const head = { format: 2, id: 'b0123456789ab', host: HOSTILE, pid: 1, beatMs: 5 } as const;
  const range = { layout: 'job', start: '0', end: '9', jobs: 1, done: 0, again: 0 } as const;
  const texts = { out: HOSTILE, signature: HOSTILE, aggregate: HOSTILE };
  const build = buildRecord.parse({ ...head, kind: 'build', state: 'running', ...range, ...texts });
  const counts = { threads: 1, running: 0, jobs: 0, failures: 0, numbers: '0' };
  const id = '01234567-89ab-4cde-8f01-23456789abcd';
  const machine = machineRecord.parse({ ...head, id, kind: 'machine', ...counts });
  const queued = { waiting: 0, running: 0, failed: 0 };
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  printStatus(
    {
      place: 'redis://db:6379',
      builds: [{ ...build, isSilent: false, queued }],
      machines: [{ ...machine, isSilent: false }],
      strange: [{ id: fromOutside(HOSTILE), why: fromOutside(HOSTILE) }],
    },
    isJson,
  );
  return printed;
}

test('texts of a queue do nothing to a terminal, and make no lines of their own', () => {
  const printed = print(false);
  expect(printed).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  expect(printed.split('\n')).toHaveLength(6);
  expect(printed).toContain('on x\\x1b]52;c;aGk=\\x07\\u{202e} \\x9b2J: ');
});

test('as JSON they are exact', () => {
  const { builds, machines, strange } = JSON.parse(print(true)) as Record<string, Record<string, string>[]>;
  expect(builds?.[0]).toMatchObject({ host: HOSTILE, out: HOSTILE, signature: HOSTILE });
  expect(machines?.[0]?.['host']).toBe(HOSTILE);
  expect(strange?.[0]).toEqual({ id: HOSTILE, why: HOSTILE });
});

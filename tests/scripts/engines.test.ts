import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Entry {
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

/** Whether a range such as ">=18", "^18.12 || >=20.1" or ">= 20.x" takes the version `major`.`minor`.0. */
function takes(range: string, major: number, minor: number): boolean {
  return range.split('||').some((part) => {
    const [, operator, from = '', fromMinor = '0'] =
      /^\s*(\^|>=)?\s*(\d+)(?:\.(\d+))?[.\dx]*\s*$/.exec(part) ?? [];
    if (from === '') return part.trim() === '*';
    if (Number(from) === major) return Number(fromMinor) <= minor;
    return operator === '>=' && Number(from) < major;
  });
}

it('no package that an installation brings along needs a newer Node than sigtables', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const entries = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const [, major = '', minor = ''] = /^>=(\d+)\.(\d+)$/.exec(lock.packages['']?.engines?.node ?? '') ?? [];
  expect(entries.length).toBeGreaterThan(20);
  const refusing = entries.filter(
    ([, { engines }]) => !takes(engines?.node ?? '*', Number(major), Number(minor)),
  );
  expect(refusing).toEqual([]);
});

it.each([
  ['>=20', true],
  ['>= 20.x', true],
  ['^12.20.0 || ^14.13.1 || >=16.0.0', true],
  ['>=20.21', false],
  ['^18 || >=22', false],
  ['^22', false],
])('takes %j of Node 20.20 for %s', (range, expected) => {
  expect(takes(range, 20, 20)).toBe(expected);
});

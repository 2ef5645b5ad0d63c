import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listBundledPackages, writeLicences } from '../../scripts/licences/licences.js';
import { listRunTimePackages } from '../../scripts/licences/packages.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Licences that ask for no more than to be kept. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

it('brings along packages under permissive licences alone', () => {
  const packages = listRunTimePackages(ROOT);
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['commander', 'piscina', 'zod']));
  expect(packages.filter(({ licence }) => !PERMISSIVE.includes(licence))).toEqual([]);
});

it('has the whole licence of each package whose code is in dist/', async () => {
  const bundled = await listBundledPackages(ROOT);
  const text = await writeLicences(ROOT);
  expect(bundled.filter(({ licence }) => !PERMISSIVE.includes(licence))).toEqual([]);
  for (const { name, version, text: licence } of bundled) {
    expect(text).toContain(`${name} ${version} (`);
    expect(text).toContain(licence.split('\n').at(-1));
  }
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { execa } from 'execa';
import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { expect, test } from 'vitest';
import { ClosestName } from '../../examples/name-match/closest-name.js';
import { createFolder, hashFolder } from '../e2e/harness.js';
import { EXAMPLES, openExample } from './open-example.js';

const FILE = 'name-match/name-match.ts';
const SIZES = ['--records', '5000', '--names', '300'];

async function makeData(...flags: string[]): Promise<string> {
  const folder = await createFolder();
  await execa(process.execPath, [join(EXAMPLES, 'name-match', 'make-data.js'), folder, ...SIZES, ...flags]);
  return folder;
}

async function readNames(path: string): Promise<string[]> {
  const rows = parse<{ name: string }>(await readFile(path), { columns: true });
  return rows.map(({ name }) => name);
}

function openFolder(folder: string): ReturnType<typeof openExample> {
  return openExample(FILE, { records: join(folder, 'records.csv'), names: join(folder, 'names.csv') });
}

test('the name that is found is the closest, and of several the first in the list, as measuring all of them says', () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', ' ', 'ß'), maxLength: 9 }),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 60 }), name, (names, text) => {
      const least = Math.min(...names.map((other) => distance(text, other)));
      expect(new ClosestName(names).find(text)).toBe(names.find((other) => distance(text, other) === least));
    }),
    { numRuns: 2000 },
  );
});

test('every record of the generated data is found under the name that it means', async () => {
  const folder = await makeData();
  const [records, answers] = await Promise.all(
    ['records.csv', 'answers.csv'].map((file) => readNames(join(folder, file))),
  );
  const { keyOf } = await openFolder(folder);
  expect(records).toHaveLength(5000);
  expect(records?.map((_, n) => keyOf(n))).toEqual(answers);
  const misspelt = records?.filter((name, n) => name !== answers?.[n]) ?? [];
  expect(misspelt.length).toBeGreaterThan(2000);
});

test('a record has fewer errors than half the distance from its name to the next', async () => {
  const folder = await makeData();
  const [names, records, answers] = await Promise.all(
    ['names.csv', 'records.csv', 'answers.csv'].map((file) => readNames(join(folder, file))),
  );
  const next = new Map(
    names?.map((name) => [name, Math.min(...names.filter((x) => x !== name).map((x) => distance(x, name)))]),
  );
  records?.forEach((record, n) => {
    const name = answers?.[n] ?? '';
    expect(2 * distance(record, name)).toBeLessThan(next.get(name) ?? 0);
  });
});

test('the same seed makes the same data, another seed other data', async () => {
  const [data, same, other] = [await makeData(), await makeData(), await makeData('--seed', '2')];
  expect(await hashFolder(same)).toEqual(await hashFolder(data));
  expect(await hashFolder(other)).not.toEqual(await hashFolder(data));
});

test('numbers above the last record are left out', async () => {
  const { keyOf } = await openFolder(await makeData());
  expect(keyOf(4999)).toBeTypeOf('string');
  expect(keyOf(5000)).toBeNull();
});

test('what is missing is named: an option, a file, a column, names', async () => {
  const folder = await createFolder();
  const [good, bad, empty] = ['good.csv', 'bad.csv', 'empty.csv'].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ];
  await writeFile(good, 'name\n"Berg, Ute"\n');
  await writeFile(bad, 'client\nUte Berg\n');
  await writeFile(empty, 'name\n');
  await expect(openExample(FILE, { names: good })).rejects.toThrow('records');
  await expect(openExample(FILE, { records: join(folder, 'none.csv'), names: good })).rejects.toThrow(
    'none.csv',
  );
  await expect(openExample(FILE, { records: good, names: bad })).rejects.toThrow('no column "name"');
  await expect(openExample(FILE, { records: good, names: empty })).rejects.toThrow(
    'the list of names is empty',
  );
});

import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanTable } from '../../src/tables/array-scan.js';
import { ByteSearch } from '../../src/tables/byte-search.js';
import { TableFiles } from '../../src/tables/table-files.js';
import { useTemporaryFolder } from './temporary-folder.js';

const inFolder = useTemporaryFolder();

/** Keys that look like what is around them. */
const key = fc.oneof(
  fc.stringMatching(/^[\][",:\\1 ]{0,6}$/),
  fc.constantFrom('1', '":[1,2],"', '[1,2]', ',1,', 'é,2,', '\\', '\\\\', '"', '\n[5]'),
  fc.integer({ min: 200, max: 900 }).map((length) => `,3,"[`.repeat(length)),
);
const table = fc
  .uniqueArray(key, { maxLength: 8 })
  .chain((keys) =>
    fc.tuple(fc.constant(keys), fc.array(fc.nat({ max: Math.max(0, keys.length - 1) }), { maxLength: 40 })),
  );

test('arrays and the holders of numbers are found among any keys', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ([keys, owners]) => {
      const members = keys.map((_, k) => owners.flatMap((owner, n) => (owner === k ? [n] : [])));
      const text = `{${keys.map((name, k) => `${JSON.stringify(name)}:${JSON.stringify(members[k])}`).join(',')}}`;
      await writeFile(inFolder('table.json'), text);
      const file = { file: 'table.json', bytes: BigInt(Buffer.byteLength(text)), crc32: 0 };
      const files = new TableFiles(inFolder('.'), () => file.bytes);
      const search = new ByteSearch(files, file);
      const places = scanTable(files, file);
      for (const name of [...keys, 'other', '2']) {
        if (!name.startsWith(':')) expect(search.findArray(name)).toEqual(places.get(name));
      }
      for (let n = 0; n <= owners.length; n++) {
        const seeming = new Set(search.findHolders(BigInt(n)));
        const holders = [...seeming].filter((name) => members[keys.indexOf(name)]?.includes(n));
        const owner = keys[owners[n] ?? -1];
        expect(holders).toEqual(owner === undefined ? [] : [owner]);
      }
      files.close();
    }),
    { numRuns: 500 },
  );
});

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { defineSignature } from 'sigtables';
import { z } from 'zod';
import { ClosestName } from './closest-name.js';

export default defineSignature({
  name: 'name-match',
  version: '1',

  /** Two CSV files with a column `name` each: `--option records=FILE --option names=FILE`. */
  options: z.strictObject({ records: z.string().min(1), names: z.string().min(1) }),

  /** Once per worker: what takes long to load belongs here. */
  setup({ options }) {
    return { records: readNames(options.records), names: new ClosestName(readNames(options.names)) };
  },

  /** The closest name for record n, counted from 0 on; numbers above the last record are left out. */
  keyOf(n: number, { records, names }) {
    const record = records[n];
    return record === undefined ? null : names.find(record);
  },
});

function readNames(path: string): string[] {
  const rows = parse<Record<string, string>>(readFileSync(path), { columns: true, bom: true });
  return rows.map(({ name }) => {
    if (name === undefined) throw new Error(`${path} has no column "name"`);
    return name;
  });
}

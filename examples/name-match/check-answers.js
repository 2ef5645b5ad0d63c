/**
 * Counts the records that stand under the name that they mean.
 *
 *     node check-answers.js TABLES ANSWERS.csv
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { openTables } from 'sigtables';

const [folder, file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node check-answers.js TABLES ANSWERS.csv');

const answers = parse(readFileSync(file), { columns: true });
const tables = await openTables(folder);
let right = 0;
for (const name of tables.signatures()) {
  for await (const record of tables.members(name)) if (answers[record].name === name) right++;
}
tables.close();
console.log(`${right} of ${answers.length} records stand under the name that they mean`);
if (right < answers.length) process.exitCode = 1;

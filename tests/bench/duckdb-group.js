/**
 * The grouping in SQL, by the closed form, into one JSON file with a line per signature.
 *
 * duckdb-group.js MODULES END THREADS FILE
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, end, threads, file] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'any.js'))('@duckdb/node-api');

const places = Array.from({ length: end.length }, (_, place) => 10 ** place);
const digitSum = places.map((power) => `(n // 100 // ${power}) % 10`).join(' + ');
const zeros = places.slice(1).map((power) => `(n // 100 % ${power} = 0)::BIGINT`);

const closedForm = `
  SELECT n,
    CASE WHEN n < 100 THEN 2
         ELSE 1 + ${digitSum} + CASE WHEN n % 100 <= 10 THEN ${zeros.join(' + ')} ELSE 0 END END AS steps,
    CASE WHEN n < 100 THEN CASE WHEN n = 10 THEN 10 ELSE greatest(n - 10, 11) END
         WHEN n % 100 >= 11 THEN n % 100
         WHEN n % 100 = 0 THEN 20
         ELSE n % 100 + 10 END AS last
  FROM range(10, ${end}) numbers(n)`;

const grouping = `
  SELECT CASE WHEN steps < 10 THEN '0' ELSE '' END || steps || last AS signature, list(n ORDER BY n) AS numbers
  FROM (${closedForm}) GROUP BY steps, last`;

const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
await connection.run(`COPY (${grouping}) TO '${file.replaceAll("'", "''")}' (FORMAT json)`);

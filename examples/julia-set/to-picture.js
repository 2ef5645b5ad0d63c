/**
 * Turns the tables of the Julia set back into a picture.
 *
 *     node to-picture.js TABLES PICTURE.png [WIDTH]
 *
 * WIDTH is the option `width` that the tables were built with: 2000 unless given.
 */
import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { openTables } from 'sigtables';

const [folder, picture, givenWidth = '2000'] = process.argv.slice(2);
if (picture === undefined) throw new Error('usage: node to-picture.js TABLES PICTURE.png [WIDTH]');
const width = Number(givenWidth);

const tables = await openTables(folder);
const times = tables.signatures();
const pixels = times.reduce((sum, time) => sum + Number(tables.count(time)), 0);
if (!Number.isInteger(pixels / width))
  throw new Error(
    `${pixels} pixels are no rows of ${givenWidth}: give the width that the tables were built with`,
  );

const data = new Uint8Array(3 * pixels);
const last = Math.max(...times.map(Number));
for (const time of times) {
  const color = Number(time) === last ? [0, 0, 0] : chooseColor(Number(time));
  for await (const pixel of tables.members(time)) data.set(color, 3 * pixel);
}
tables.close();
writeFileSync(picture, encode({ width, height: pixels / width, data, channels: 3 }));
console.log(`${picture}: ${width} x ${pixels / width} pixels, ${times.length} escape times`);

/** From deep blue through white and gold to dark red, and round again, slower the longer the escape took. */
function chooseColor(time) {
  const turn = 0.375 * Math.log2(time / 2);
  return [0, 0.1, 0.2].map((lead) => Math.round(127.5 * (1 - Math.cos(2 * Math.PI * (turn + lead)))));
}

/**
 * Makes data with known answers: a list of clients, and records whose names are those of clients with typing errors.
 *
 *     node make-data.js FOLDER [--records 500000] [--names 3000] [--seed 1]
 *
 * writes names.csv (the clients), records.csv (the records) and answers.csv (who is meant in each record). A record has
 * fewer errors than half the distance from its client to the next one: so whom it means is never in doubt.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';

const MOST_ERRORS = 4;
const GIVEN_NAMES =
  'Aino Bruno Chiara Dénes Elif Farid Gwen Hanna Ines João Kofi Łucja Marit Nils Olga Petra Quentin Rosa Søren Tomás Ute Vera Wanda Ximena Yara Zoë'.split(
    ' ',
  );
const ONSETS = 'b br d dr f g gr h k kl l m n p pr r s st t tr v w z sch'.split(' ');
const VOWELS = 'a e i o u ei ou ä ö'.split(' ');
const ENDINGS = ',e,er,en,ov,ova,s,ski,son,mann,berg,dottir,in,ez,ini'.split(',');
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzäöü -';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    records: { type: 'string', default: '500000' },
    names: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
  },
});
const [folder] = positionals;
if (folder === undefined)
  throw new Error('usage: node make-data.js FOLDER [--records N] [--names N] [--seed N]');

const random = createRandom(Number(values.seed));
const names = makeNames(Number(values.names));
const errors = names.map((name) => Math.min(MOST_ERRORS, Math.ceil(measureNext(name) / 2) - 1));
const answers = Array.from({ length: Number(values.records) }, () => pickIndex(names.length));

mkdirSync(folder, { recursive: true });
writeTable('names.csv', ['client', 'name'], names.entries());
writeTable('answers.csv', ['record', 'name'], answers.map((client) => names[client]).entries());
writeTable(
  'records.csv',
  ['record', 'name'],
  answers.map((client) => addErrors(names[client], pickIndex(errors[client] + 1))).entries(),
);
console.log(
  `${folder}: ${answers.length} records that mean ${new Set(answers).size} of ${names.length} clients`,
);

/** A small generator of random numbers (mulberry32): the same ones for a seed, on any machine. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pickIndex(length) {
  return Math.floor(random() * length);
}

function pick(list) {
  return list[pickIndex(list.length)];
}

function makeNames(count) {
  const made = new Set();
  while (made.size < count) made.add(`${makeSurname()}, ${pick(GIVEN_NAMES)}`);
  return [...made];
}

function makeSurname() {
  const syllables = Array.from({ length: 1 + pickIndex(3) }, () => pick(ONSETS) + pick(VOWELS));
  const surname = `${syllables.join('')}${pick(ONSETS)[0]}${pick(ENDINGS)}`;
  return surname[0].toUpperCase() + surname.slice(1);
}

/** The distance to the next name. */
function measureNext(name) {
  let next = Infinity;
  for (const other of names) if (other !== name) next = Math.min(next, distance(name, other));
  return next;
}

/** Each error is one edit: a letter left out, put in, or replaced. */
function addErrors(name, count) {
  let text = name;
  for (let error = 0; error < count; error++) {
    const at = pickIndex(text.length);
    const letter = pick(['', pick(ALPHABET), pick(ALPHABET) + text[at]]);
    text = text.slice(0, at) + letter + text.slice(at + 1);
  }
  return text;
}

function writeTable(file, columns, rows) {
  const lines = [...rows].map(([number, name]) => `${number},"${name.replaceAll('"', '""')}"\n`);
  writeFileSync(join(folder, file), `${columns.join(',')}\n${lines.join('')}`);
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import {
  encodeDocument,
  encodeRecord,
  readDocument,
  writeDocument,
  writeText,
  type Document,
} from './hostile-manifest.js';

/** What a trap is set in. */
export interface Ground {
  /** The table set. */
  readonly folder: string;
  /** A folder beside it that nobody may touch: it has a file `secret.json`, and a folder `inner`. */
  readonly outside: string;
  readonly random: Random;
}

/** A way to make a table set hostile. */
export interface Trap {
  readonly name: string;
  set(ground: Ground): void;
}

function editing(name: string, edit: (document: Document, ground: Ground) => void): Trap {
  return {
    name,
    set: (ground) => {
      const document = readDocument(ground.folder);
      edit(document, ground);
      writeDocument(ground.folder, document);
    },
  };
}

/** Names that lead out of a folder, or that mean something there. */
const EVIL_NAMES = [
  '../outside/secret.json',
  'x/../../outside/secret.json',
  '..',
  '.',
  '',
  'manifest.json',
  '.build',
  '.build/journal',
  'a\0b',
  'C:x',
  '..\\outside\\secret.json',
  'n'.repeat(300),
];

function evilName({ outside, random }: Ground): string {
  return random.pick([...EVIL_NAMES, join(outside, 'secret.json')]);
}

/** Values of other types, and numbers that no build writes. */
const EVIL_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  7,
  1e308,
  '',
  '-1',
  '1e5',
  '01',
  ' 1',
  '0',
  '9'.repeat(17),
  '9'.repeat(400),
  '9'.repeat(20_000),
  [],
  {},
  [[]],
  'x'.repeat(100_000),
  '__proto__',
];

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/** Changes one value anywhere in a document. */
export function spoil(document: Record<string, unknown>, random: Random): void {
  const places = [...listPlaces(document, random)];
  // Nothing is left of it already.
  if (places.length === 0) return;
  const { holder, name } = random.pick(places);
  if (random.isTrue(0.15)) Reflect.deleteProperty(holder, name);
  else if (random.isTrue(0.15)) holder[random.pick(NEW_MEMBERS)] = pickEvil(EVIL_VALUES, random);
  else holder[name] = pickEvil(EVIL_VALUES, random);
}

/** A copy: what is put into a document may be spoilt in turn, and must be the same for the next one. */
export function pickEvil(values: readonly unknown[], random: Random): unknown {
  return structuredClone(random.pick(values));
}

const NEW_MEMBERS = ['more', 'aggregate', 'file', 'chunk', '__proto__'];

/** Every value, but of long lists that of one entry. */
function* listPlaces(holder: Record<string, unknown>, random: Random): Generator<Place> {
  for (const [name, value] of Object.entries(holder)) {
    yield { holder, name };
    if (typeof value !== 'object' || value === null) continue;
    const isLong = Array.isArray(value) && value.length > 3;
    const inner = isLong ? (random.pick(value) as unknown) : value;
    if (typeof inner === 'object' && inner !== null)
      yield* listPlaces(inner as Record<string, unknown>, random);
  }
}

const NAMES: readonly Trap[] = [
  editing('a file with an evil name', ({ files, buckets }, ground) => {
    const name = evilName(ground);
    const before = files[0]?.['file'];
    if (files[0]) files[0]['file'] = name;
    for (const bucket of buckets) if (bucket['file'] === before) bucket['file'] = name;
  }),
  editing('all files with evil names', ({ files, buckets }, { outside }) => {
    for (const entry of [...files, ...buckets]) {
      if (typeof entry['file'] === 'string') entry['file'] = join(outside, entry['file']);
    }
  }),
  editing('a bucket in an evil file', ({ buckets }, ground) => {
    for (const bucket of buckets) if (bucket['file'] !== undefined) bucket['file'] = evilName(ground);
  }),
  editing('an evil list of buckets', (document, ground) => {
    document['bucketList'] = { file: evilName(ground), count: '5' };
    document.buckets = [];
  }),
];

/** The last of two members counts: a name that was looked at, and another one that is used. */
const TWICE: readonly Trap[] = [
  {
    name: 'names that stand twice',
    set: ({ folder, outside, random }: Ground): void => {
      const text = encodeDocument(readDocument(folder));
      const evil = random.pick(['../outside/secret.json', join(outside, 'secret.json')]);
      const size = String(readFileSync(join(outside, 'secret.json')).length);
      const named = `{"file":${JSON.stringify(evil)},`;
      writeText(
        folder,
        text
          .replaceAll(/^\{"file":("[^"]*"),"bytes":"\d+"/gm, `${named}"file":$1,"bytes":"${size}"`)
          .replaceAll(/^(\{"key":"[^"]*",)"file":"[^"]*"/gm, `$1"file":${JSON.stringify(evil)}`),
      );
    },
  },
  {
    name: 'members that stand twice',
    set: ({ folder, random }) => {
      const text = encodeDocument(readDocument(folder));
      const name = random.pick(['key', 'count', 'bytes', 'range', 'layout', 'files', 'buckets', 'format']);
      writeText(folder, text.replace(new RegExp(`("${name}":)`), `"${name}":"0",$1`));
    },
  },
];

const NUMBERS: readonly Trap[] = [
  editing('jobs without numbers', (document) => Object.assign(document, { layout: 'job', chunk: '0' })),
  editing('more jobs than files', (document) => {
    document['chunk'] = '1';
    document['layout'] = 'job';
    document['range'] = { start: '10', end: `1${'0'.repeat(250)}` };
    for (const bucket of document.buckets) {
      delete bucket['file'];
      delete bucket['offset'];
      bucket['last'] = `1${'0'.repeat(240)}`;
    }
  }),
  editing('a range of ten thousand digits', (document) => {
    document['range'] = { start: '10', end: '9'.repeat(9_999) };
  }),
  editing('a range of three hundred digits', (document) => {
    document['range'] = { start: '10', end: '9'.repeat(300) };
  }),
  editing('a range from 0', (document) => {
    document['range'] = { start: '0', end: '3000' };
  }),
  editing('files of more bytes than any disk has', (document) => {
    const bytes = '9007199254740992000000';
    for (const file of document.files) file['bytes'] = bytes;
    document['bytes'] = String(BigInt(bytes) * BigInt(document.files.length));
  }),
  editing('buckets of many bytes', (document) => {
    for (const bucket of document.buckets) bucket['bytes'] = '99999999999999';
  }),
  editing('buckets of no numbers', (document) => {
    for (const bucket of document.buckets) bucket['count'] = '0';
    document['count'] = '0';
  }),
  editing('more numbers than there are', (document) => {
    for (const bucket of document.buckets) bucket['count'] = '9'.repeat(300);
    document['count'] = String(BigInt('9'.repeat(300)) * BigInt(document.buckets.length));
  }),
  editing('an aggregate that is none', (document, { random }) => {
    document['aggregate'] = random.pick(['sum', 'count', '__proto__', 'list', '']);
  }),
  editing('a list of buckets that is a table', (document) => {
    document['bucketList'] = { file: document.files[0]?.['file'], count: '9'.repeat(50) };
    document.buckets = [];
  }),
  editing('options of the built-in signature', (document) => {
    document['signature'] = { name: 'reduced', version: '1', options: { ['__proto__']: 'x', a: 'b' } };
  }),
  editing('a signature of somebody else', (document, { random }) => {
    document['signature'] = { name: random.pick(['__proto__', 'mine', '../x']), version: '1', fileHash: 'x' };
  }),
  editing('anything', (document, { random }) => {
    for (let i = random.between(1, 3); i > 0; i--) spoil(document, random);
  }),
];

function linking(name: string, target: 'secret.json' | 'inner'): Trap {
  return {
    name: `a link in the place of ${name}`,
    set: ({ folder, outside }: Ground): void => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      if (existsSync(path) && name !== '.build') renameSync(path, `${path}.moved`);
      rmSync(path, { recursive: true, force: true });
      symlinkSync(join(outside, target), path);
    },
  };
}

/** What stands there moves to the other side of the link: it could be read. */
function linkingAway(choose: (folder: string, random: Random) => string): Trap {
  return {
    name: 'a link in the place of a sound file',
    set: ({ folder, outside, random }: Ground): void => {
      const path = join(folder, choose(folder, random));
      renameSync(path, join(outside, 'inner', 'moved.json'));
      symlinkSync(join(outside, 'inner', 'moved.json'), path);
    },
  };
}

function piping(name: string): Trap {
  return {
    name: `a pipe in the place of ${name}`,
    set: ({ folder }: Ground): void => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      rmSync(path, { recursive: true, force: true });
      execFileSync('mkfifo', [path]);
    },
  };
}

function firstFile(folder: string): string {
  return String(readDocument(folder).files[0]?.['file']);
}

const LINKS: readonly Trap[] = [
  linkingAway(firstFile),
  linkingAway((folder, random) => String(random.pick(readDocument(folder).files)['file'])),
  linkingAway(() => 'manifest.json'),
  linking('manifest.json', 'secret.json'),
  linking('.build', 'inner'),
  linking('.build/journal', 'secret.json'),
  linking('.build/lock', 'secret.json'),
  linking('.build/manifest.json', 'secret.json'),
  linking('.build/spool', 'inner'),
  linking('.build/repair', 'inner'),
  linking('table.json', 'secret.json'),
  piping('manifest.json'),
  piping('.build/journal'),
  piping('.build/lock'),
  piping('.build/manifest.json'),
  piping('table.json'),
  {
    name: 'links under the names of temporary files',
    set: ({ folder, outside }: Ground): void => {
      for (let pid = 1; pid < 2000; pid++)
        symlinkSync(join(outside, 'secret.json'), join(folder, `.manifest.json.tmp-${pid}`));
    },
  },
  {
    name: 'folders in the place of files',
    set: ({ folder }: Ground): void => {
      const name = firstFile(folder);
      rmSync(join(folder, name), { recursive: true, force: true });
      mkdirSync(join(folder, name));
      mkdirSync(join(folder, '.build', 'journal'), { recursive: true });
    },
  },
];

const PLAN = {
  signature: 'reduced',
  signatureVersion: '1',
  start: '10',
  end: '3000',
  layout: 'signature',
  chunk: '300',
  nameDigits: 4,
};

const HEADER = { type: 'header', format: 1, writer: '0.1.0', plan: PLAN, planHash: 'x' };

function journaling(name: string, makeRecords: (ground: Ground) => readonly unknown[]): Trap {
  return {
    name: `a journal ${name}`,
    set: (ground) => {
      const { folder } = ground;
      if (ground.random.isTrue()) rmSync(join(folder, 'manifest.json'));
      mkdirSync(join(folder, '.build'), { recursive: true });
      writeFileSync(join(folder, '.build', 'journal'), makeRecords(ground).map(encodeRecord).join(''));
    },
  };
}

const JOURNALS: readonly Trap[] = [
  journaling('of files outside', ({ outside }) => [
    HEADER,
    { type: 'files', names: ['../outside/secret.json', join(outside, 'secret.json'), '..', '.', ''] },
  ]),
  journaling('of the folder itself', () => [HEADER, { type: 'files', names: ['manifest.json', '.build'] }]),
  journaling('of endless jobs', () => [
    HEADER,
    { type: 'checkpoint', jobs: [[0, 1e15]], firstFile: 0, crcs: '', bytes: [] },
    { type: 'discard', jobs: [[0, 1e15]] },
  ]),
  journaling('of a plan without numbers', ({ random }) => [
    { ...HEADER, plan: { ...PLAN, [random.pick(Object.keys(PLAN))]: random.pick([null, 'x', '', 0, {}]) } },
  ]),
  journaling('of endless files', ({ random }) => [
    {
      ...HEADER,
      plan: {
        ...PLAN,
        layout: 'job',
        end: '9'.repeat(random.pick([18, 300, 5000])),
        chunk: random.pick(['0', '1']),
        nameDigits: random.pick([1e9, -1, 1]),
      },
    },
  ]),
  journaling('of endless parts', () => [{ ...HEADER, partitions: 1e9 }]),
  journaling('without a plan', () => [{ type: 'header', planHash: 'x' }, { type: 'files' }, null, 5]),
];

/** Those that lie in a manifest alone. */
export const MANIFEST_TRAPS: readonly Trap[] = [...NAMES, ...TWICE, ...NUMBERS];

/** All traps that are set in no time. */
export const TRAPS: readonly Trap[] = [...MANIFEST_TRAPS, ...LINKS, ...JOURNALS];

const MANY = 64 * 1024 * 1024;

/** Those that are to fill the memory. */
export const HEAVY_TRAPS: readonly Trap[] = [
  {
    name: 'a manifest of 1 GB of spaces',
    set: ({ folder }: Ground): void => {
      rmSync(join(folder, 'manifest.json'));
      const space = Buffer.alloc(MANY, ' ');
      for (let i = 0; i < 16; i++) writeFileSync(join(folder, 'manifest.json'), space, { flag: 'a' });
    },
  },
  {
    name: 'a manifest of 400 MB of spaces',
    set: ({ folder }: Ground): void => {
      const text = encodeDocument(readDocument(folder));
      writeText(folder, text.replace('{\n', `{${' '.repeat(400_000_000)}\n`));
    },
  },
  {
    name: 'a manifest of nothing but brackets',
    set: ({ folder }: Ground): void => {
      const text = encodeDocument(readDocument(folder));
      writeText(folder, `${text}"more":${'['.repeat(100_000_000)},\n`);
    },
  },
  {
    name: 'a bucket of nothing but brackets',
    set: ({ folder }: Ground): void => {
      const text = encodeDocument(readDocument(folder));
      writeText(
        folder,
        text.replaceAll('{"key":"0211",', () => `{"key":"0211","more":${'['.repeat(100_000_000)},`),
      );
    },
  },
  {
    name: 'a journal of nothing but brackets',
    set: ({ folder }: Ground): void => {
      mkdirSync(join(folder, '.build'), { recursive: true });
      writeFileSync(join(folder, '.build', 'journal'), encodeRecord('['.repeat(60_000_000)));
    },
  },
  {
    name: 'a journal of 1 GB of spaces',
    set: ({ folder }: Ground): void => {
      mkdirSync(join(folder, '.build'), { recursive: true });
      const space = Buffer.alloc(MANY, ' ');
      for (let i = 0; i < 16; i++) writeFileSync(join(folder, '.build', 'journal'), space, { flag: 'a' });
    },
  },
  {
    name: 'a list of buckets of 1 GB of spaces',
    set: ({ folder }: Ground): void => {
      const document = readDocument(folder);
      const space = Buffer.alloc(MANY, ' ');
      for (let i = 0; i < 16; i++) writeFileSync(join(folder, 'buckets.jsonl'), space, { flag: 'a' });
      document.files.push({ file: 'buckets.jsonl', bytes: String(16 * MANY), crc32: '00000000' });
      document['bytes'] = String(BigInt(String(document['bytes'])) + BigInt(16 * MANY));
      document['bucketList'] = { file: 'buckets.jsonl', count: '5' };
      document.buckets = [];
      writeDocument(folder, document);
    },
  },
  {
    name: 'a table of 1 GB of spaces',
    set: ({ folder }: Ground): void => {
      const document = readDocument(folder);
      const space = Buffer.alloc(MANY, ' ');
      const name = String(document.files[0]?.['file']);
      const before = BigInt(String(document.files[0]?.['bytes']));
      rmSync(join(folder, name));
      for (let i = 0; i < 16; i++) writeFileSync(join(folder, name), space, { flag: 'a' });
      if (document.files[0]) document.files[0]['bytes'] = String(16 * MANY);
      document['bytes'] = String(BigInt(String(document['bytes'])) - before + BigInt(16 * MANY));
      document['signature'] = { name: 'mine', version: '1', fileHash: 'x' };
      writeDocument(folder, document);
    },
  },
];

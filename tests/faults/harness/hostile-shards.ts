import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import { readDocument, writeDocument } from './hostile-manifest.js';
import { MANIFEST_TRAPS, pickEvil, spoil, type Ground, type Trap } from './hostile-sets.js';

/** The folders of the shards in the sharded sets that traps are set in. */
export const SHARD_FOLDERS = ['a', 'b'] as const;

type Shard = Record<string, unknown>;

/** What the manifest of a sharded set lists. */
function listShards(document: Record<string, unknown>): Shard[] {
  return document['shards'] as Shard[];
}

function editing(name: string, edit: (document: Record<string, unknown>, ground: Ground) => void): Trap {
  return {
    name,
    set: (ground) => {
      const document = readDocument(ground.folder);
      edit(document, ground);
      writeDocument(ground.folder, document);
    },
  };
}

function pickShard(document: Record<string, unknown>, random: Random): Shard {
  return random.pick(listShards(document));
}

const EVIL_FOLDERS = [
  '../outside/inner',
  'a/../../outside/inner',
  '..',
  '.',
  '',
  '.build',
  'a\0',
  'C:a',
  'A',
];
const LONG = '9'.repeat(300);

const LISTS: readonly Trap[] = [
  editing('a shard with an evil name', (document, { outside, random }) => {
    pickShard(document, random)['folder'] = random.pick([...EVIL_FOLDERS, join(outside, 'inner')]);
  }),
  editing('shards of one folder', (document) => {
    for (const shard of listShards(document)) shard['folder'] = 'a';
  }),
  editing('shards in another order', (document) => void listShards(document).reverse()),
  editing('no shards', (document) => void listShards(document).splice(0)),
  editing('a range from 0', (document) => {
    document['range'] = { ...(document['range'] as object), start: '0' };
    Object.assign(listShards(document)[0] ?? {}, { start: '0' });
  }),
  editing('a range of three hundred digits', (document) => {
    document['range'] = { ...(document['range'] as object), end: LONG };
    Object.assign(listShards(document).at(-1) ?? {}, { end: LONG });
  }),
  editing('more numbers than there are', (document) => {
    for (const shard of listShards(document)) shard['count'] = LONG;
    document['count'] = String(BigInt(LONG) * BigInt(listShards(document).length));
  }),
  editing('a hundred thousand shards', (document) => {
    const checksum = `sha256:${'0'.repeat(64)}`;
    const shards = Array.from({ length: 100_000 }, (_, i) => ({
      ...{ folder: `${i}`, start: `${i + 10}`, end: `${i + 11}`, count: '1', bytes: '0', checksum },
    }));
    Object.assign(document, { range: { start: '10', end: '100010' }, count: '100000', bytes: '0', shards });
  }),
  editing('an evil value', (document, { random }) => {
    const shard = pickShard(document, random);
    shard[random.pick(Object.keys(shard))] = pickEvil([null, 5, '', '-1', LONG, [], {}, 'x'], random);
  }),
  editing('anything', (document, { random }) => {
    for (let i = random.between(1, 3); i > 0; i--) spoil(document, random);
  }),
];

/** The trap in a shard; the set then names that very manifest, and says what it says. */
function inShard(trap: Trap): Trap {
  return {
    name: `a shard with ${trap.name}`,
    set: (ground) => {
      const folder = ground.random.pick(SHARD_FOLDERS);
      trap.set({ ...ground, folder: join(ground.folder, folder) });
      agree(ground.folder, folder, ground.random.isTrue());
    },
  };
}

/** Makes the set agree with the shard in `folder`; with `isWhole` in what concerns all shards, too. */
function agree(set: string, folder: string, isWhole: boolean): void {
  const document = readDocument(set);
  const text = readFileSync(join(set, folder, 'manifest.json'), 'latin1');
  const [checksum = ''] = /sha256:[0-9a-f]{64}(?="\s*\}\s*$)/.exec(text) ?? [];
  const shard = readDocument(join(set, folder));
  const { start, end } = (shard['range'] ?? {}) as Record<string, unknown>;
  const { count, bytes } = shard;
  const shards = listShards(document).map((entry) =>
    entry['folder'] === folder ? { folder, start, end, count, bytes, checksum } : entry,
  );
  const range = { start: shards[0]?.['start'], end: shards.at(-1)?.['end'] };
  const sums = { count: sum(shards, 'count'), bytes: sum(shards, 'bytes') };
  const { signature, aggregate, layout, chunk } = shard;
  const common = Object.entries({ signature, aggregate, layout, chunk }).filter(
    ([, value]) => value !== undefined,
  );
  writeDocument(set, { ...document, ...(isWhole && Object.fromEntries(common)), range, ...sums, shards });
}

/** The sum in decimal; what are no numbers count for nothing. */
function sum(shards: readonly Shard[], name: string): string {
  const values = shards.map((shard) => String(shard[name])).filter((value) => /^\d+$/.test(value));
  return values.reduce((total, value) => total + BigInt(value), 0n).toString();
}

function moveAway(name: string): Trap {
  return {
    name: `a link in the place of ${name}`,
    set: ({ folder, outside }: Ground): void => {
      renameSync(join(folder, name), join(outside, 'inner', 'moved'));
      symlinkSync(join(outside, 'inner', 'moved'), join(folder, name));
    },
  };
}

function piping(name: string): Trap {
  return {
    name: `a pipe in the place of ${name}`,
    set: ({ folder }: Ground): void => {
      rmSync(join(folder, name), { recursive: true });
      execFileSync('mkfifo', [join(folder, name)]);
    },
  };
}

const PLACES: readonly Trap[] = [
  moveAway('a'),
  moveAway('b'),
  moveAway('manifest.json'),
  moveAway(join('a', 'manifest.json')),
  piping('a'),
  piping(join('b', 'manifest.json')),
  {
    name: 'a file in the place of a shard',
    set: ({ folder }: Ground): void => {
      rmSync(join(folder, 'a'), { recursive: true });
      writeFileSync(join(folder, 'a'), 'a file');
    },
  },
  {
    name: 'a sharded set in the place of a shard',
    set: ({ folder }: Ground): void => {
      cpSync(join(folder, 'manifest.json'), join(folder, 'a', 'manifest.json'));
      agree(folder, 'a', false);
    },
  },
  {
    name: 'a shard of another set',
    set: ({ folder, random }: Ground): void => {
      const document = readDocument(join(folder, 'a'));
      document['signature'] = { name: random.pick(['mine', 'reduced']), version: '2', fileHash: 'x' };
      writeDocument(join(folder, 'a'), document);
      agree(folder, 'a', random.isTrue());
    },
  },
];

/** Traps in sets of the shards `a` and `b`. */
export const SHARD_TRAPS: readonly Trap[] = [...LISTS, ...PLACES, ...MANIFEST_TRAPS.map(inShard)];

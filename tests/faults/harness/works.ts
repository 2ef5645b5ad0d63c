import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import { runCommand } from './command.js';
import { expectStatus } from './expect.js';
import { SUITE } from './suite.js';
import { readTree, type Tree } from './tree.js';

/** Something that the command does in a folder, and that can be disturbed. */
export interface Work {
  readonly name: string;
  /** Without `--out`: the folder `tables` of the working directory. */
  readonly args: readonly string[];
  /** Puts what the work needs into the working directory; called once in each. */
  prepare(cwd: string, random: Random): Promise<void>;
}

/** How a work goes undisturbed. */
export interface Undisturbed {
  /** What it leaves in `tables`. */
  readonly tree: Tree;
  readonly elapsedMs: number;
}

const QUIET = ['--out', 'tables', '--progress', 'none'];
const NOTHING = (): Promise<void> => Promise.resolve();

const SIGNATURE_SIZE = ['--range', '3e4', '--chunk', '1500', '--layout', 'signature'];
const JOB_SIZE = ['--range', '1e6', '--chunk', '25000', '--layout', 'job'];
const SINGLE_SIZE = ['--range', '2e6', '--chunk', '50000', '--layout', 'single'];

/** Builds by formula, in every layout. */
export const BUILDS: readonly Work[] = [
  { name: 'build-signature', args: ['build', ...SIGNATURE_SIZE, '--cpus', '2', ...QUIET], prepare: NOTHING },
  { name: 'build-job', args: ['build', ...JOB_SIZE, '--cpus', '2', ...QUIET], prepare: NOTHING },
  { name: 'build-single', args: ['build', ...SINGLE_SIZE, '--cpus', '3', ...QUIET], prepare: NOTHING },
  {
    name: 'build-force',
    args: ['build', ...JOB_SIZE, '--cpus', '2', '--force', ...QUIET],
    prepare: (cwd) => prepareOther(cwd),
  },
  {
    name: 'build-count',
    args: ['build', '--range', '1e6', '--aggregate', 'count', '--layout', 'signature', ...QUIET],
    prepare: NOTHING,
  },
];

/** A build of something else is there already. */
async function prepareOther(cwd: string): Promise<void> {
  await runOk(
    ['build', '--range', '15000', '--chunk', '500', '--layout', 'signature', '--no-sync', ...QUIET],
    cwd,
  );
}

const PLUG_IN = `export default {
  name: 'tested', version: '1', start: 0,
  keyOf(n) { const m = Number(n); return m % 3 ? String((m * 7919) % 211) : null; },
};\n`;

function plugInWork(layout: string, ...more: readonly string[]): Work {
  const size = ['--range', '60000', '--chunk', '3000', '--layout', layout, '--cpus', '2'];
  return {
    name: `plug-in-${[layout, ...more].join('-').replaceAll('--', '')}`,
    args: ['build', '--signature', './plug-in.mjs', ...size, ...more, ...QUIET],
    prepare: (cwd) => {
      writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
      return Promise.resolve();
    },
  };
}

/** Builds by a plug-in, through a spool. */
export const PLUG_IN_BUILDS: readonly Work[] = [
  plugInWork('signature'),
  plugInWork('job'),
  plugInWork('single'),
  plugInWork('single', '--aggregate', 'sum'),
];

const PLUG_IN_SIZE = ['--signature', './plug-in.mjs', '--range', '60000', '--chunk', '3000'];

function mergeWork(layout: string, sourceSize: readonly string[], ...more: readonly string[]): Work {
  const isOfPlugIn = sourceSize.includes('--signature');
  return {
    name: `merge-${isOfPlugIn ? 'plug-in-' : ''}${layout}`,
    args: ['merge', 'part-1', 'part-2', 'part-3', '--layout', layout, ...more, '--cpus', '2', ...QUIET],
    prepare: async (cwd) => {
      if (isOfPlugIn) writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
      for (const part of ['1', '2', '3']) {
        const shard = ['--shard', `${part}/3`, '--no-sync', '--out', `part-${part}`, '--progress', 'none'];
        await runOk(['build', ...sourceSize, ...shard], cwd);
      }
    },
  };
}

/** Merges, within a layout and from one to another. */
export const MERGES: readonly Work[] = [
  mergeWork('signature', SIGNATURE_SIZE),
  mergeWork('job', JOB_SIZE, '--chunk', '25000'),
  mergeWork('single', JOB_SIZE),
  mergeWork('signature', [...PLUG_IN_SIZE, '--layout', 'job']),
  mergeWork('job', [...PLUG_IN_SIZE, '--layout', 'single'], '--chunk', '3000'),
  mergeWork('single', [...PLUG_IN_SIZE, '--layout', 'signature']),
];

function repairWork(layout: string, size: readonly string[]): Work {
  return {
    name: `repair-${layout}`,
    args: ['verify', 'tables', '--repair', '--cpus', '2', '--progress', 'none'],
    prepare: async (cwd, random) => {
      await runOk(['build', ...size, '--no-sync', ...QUIET], cwd);
      damageTables(join(cwd, 'tables'), random);
    },
  };
}

/** Repairs of some damaged files. */
export const REPAIRS: readonly Work[] = [
  repairWork('signature', SIGNATURE_SIZE),
  repairWork('job', JOB_SIZE),
  repairWork('single', SINGLE_SIZE),
];

/** All of them. */
export const WORKS: readonly Work[] = [...BUILDS, ...PLUG_IN_BUILDS, ...MERGES, ...REPAIRS];

function damageTables(folder: string, random: Random): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'manifest.json');
  for (let i = random.between(1, 5); i > 0; i--) damageFile(join(folder, random.pick(names)), random);
}

/** Ways to damage a file. */
export const DAMAGES = ['changed', 'shortened', 'removed'] as const;

/** Damages a file that may have been damaged before. */
export function damageFile(path: string, random: Random, how = random.pick(DAMAGES)): void {
  if (how === 'removed') return rmSync(path, { force: true });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return; // removed before
  }
  if (bytes.length === 0) return;
  if (how === 'shortened') return truncateSync(path, random.between(0, bytes.length - 1));
  const at = random.between(0, bytes.length - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  writeFileSync(path, bytes);
}

const undisturbed = new Map<string, Promise<Undisturbed>>();
const prepared = new Map<string, Promise<string>>();

/** How a work goes undisturbed; it is run once for all trials. */
export function runUndisturbed(work: Work, random: Random): Promise<Undisturbed> {
  const known = undisturbed.get(work.name) ?? measure(work, random);
  undisturbed.set(work.name, known);
  return known;
}

async function measure(work: Work, random: Random): Promise<Undisturbed> {
  const cwd = join(SUITE.folder, 'undisturbed', work.name);
  mkdirSync(cwd, { recursive: true });
  await work.prepare(cwd, random);
  const { elapsedMs } = await runOk(work.args, cwd);
  return { tree: readTree(join(cwd, 'tables')), elapsedMs };
}

/** Prepares a work in a folder; what is no matter of chance is made once and copied. */
export async function prepareWork(work: Work, cwd: string, random: Random): Promise<void> {
  if (!work.name.startsWith('merge')) return work.prepare(cwd, random);
  const known = prepared.get(work.name) ?? prepareOnce(work, random);
  prepared.set(work.name, known);
  cpSync(await known, cwd, { recursive: true });
}

async function prepareOnce(work: Work, random: Random): Promise<string> {
  const cwd = join(SUITE.folder, 'prepared', work.name);
  mkdirSync(cwd, { recursive: true });
  await work.prepare(cwd, random);
  return cwd;
}

async function runOk(args: readonly string[], cwd: string): ReturnType<typeof runCommand> {
  const result = await runCommand(args, { cwd });
  expectStatus(result, [0], args.join(' '));
  return result;
}

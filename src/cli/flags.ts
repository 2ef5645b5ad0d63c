import { type Command, Option } from 'commander';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { Flag } from './flag.js';

export const PROGRESS_MODES = ['auto', 'bar', 'plain', 'none'] as const;

/** The word for "ignore no signals". */
export const NO_SIGNALS = 'none';

/** What `--ignore-signals` takes. */
export const IGNORABLE_SIGNALS = ['HUP', 'INT', 'TERM', NO_SIGNALS] as const;

/** What a lookup can make of a bucket's numbers. */
export const BUCKET_AGGREGATES = ['count', 'sum', 'min', 'max'] as const;

export type BucketAggregate = (typeof BUCKET_AGGREGATES)[number];

export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** What commander found of a command's flags: texts for flags with a value, lists for repeatable ones, booleans for the others. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Adds the flags that say what to build, from what and to where. */
export function addSelectionFlags(command: Command): Command {
  return command
    .optionsGroup('What to make:')
    .addOption(
      createFlag('--range <range>', 'numbers to group: END or START..END, the end not included', 'RANGE'),
    )
    .addOption(
      createFlag('--shard <i/n>', 'only the i-th of n equal parts of the range, from 1/n to n/n', 'SHARD'),
    )
    .addOption(createCpusFlag())
    .addOption(createFlag('--chunk <n>', 'numbers per job (default: by range and layout)', 'CHUNK'))
    .addOption(
      createFlag('--layout <name>', `${LAYOUT_NAMES.join('|')} (default: signature)`, 'LAYOUT', LAYOUT_NAMES),
    )
    .addOption(createFlag('--out <dir>', 'output folder (default: tables)', 'OUT'));
}

/** Adds the flags that say what a merge makes, and where to. */
export function addMergeFlags(command: Command): Command {
  return command
    .optionsGroup('What to make:')
    .addOption(createFlag('--out <dir>', 'output folder (default: tables)', 'OUT'))
    .addOption(
      createFlag(
        '--layout <name>',
        `${LAYOUT_NAMES.join('|')} (default: that of the folders)`,
        'LAYOUT',
        LAYOUT_NAMES,
      ),
    )
    .addOption(createFlag('--chunk <n>', 'numbers per job (default: those of the folders)', 'CHUNK'))
    .option('--sharded', 'make a sharded set of folders that lie in --out: nothing is copied')
    .addOption(createCpusFlag())
    .addOption(createMemoryFlag('memory for tables of a signature from a file'));
}

/** Adds the flags that say which signature is meant. */
export function addSignatureFlags(command: Command): Command {
  return command
    .optionsGroup('By which signature:')
    .addOption(
      createFlag(
        '--signature <name|file>',
        'reduced, or a file such as ./mine.ts (default: reduced)',
        'SIGNATURE',
      ),
    )
    .addOption(createOptionFlag());
}

/** Adds the flag that says what a bucket keeps. */
export function addAggregateFlag(command: Command): Command {
  return command
    .optionsGroup('By which signature:')
    .addOption(
      createFlag(
        '--aggregate <name>',
        'what a bucket keeps: list|count|sum|min|max, or one of the signature (default: list)',
        'AGGREGATE',
        ['list', ...BUCKET_AGGREGATES],
      ),
    );
}

/** Adds the flags that say what jobs may take. */
export function addJobFlags(command: Command): Command {
  return command
    .optionsGroup('Jobs:')
    .addOption(createMemoryFlag('memory for grouping by a signature from a file'))
    .addOption(createFlag('--job-timeout <s>', 'seconds a job may take (default: any)', 'JOB_TIMEOUT'))
    .addOption(
      createFlag(
        '--retries <n>',
        'further tries of a job that fails (default: 2 where a worker died, else 0)',
        'RETRIES',
      ),
    );
}

/** Adds the flags that say where an answer comes from: a table set, or the closed form over a range. */
export function addSourceFlags(command: Command): Command {
  return command
    .optionsGroup('Where from:')
    .addOption(createFlag('--tables <dir>', 'folder of the table set (default: tables)', 'TABLES'))
    .option('--range <range>', 'answer for this range without tables: END or START..END');
}

/** Adds the flags that say which numbers of a bucket to print. */
export function addMemberFlags(command: Command): Command {
  return command
    .optionsGroup('Which numbers:')
    .option('--at <i>', 'only the number at this index, from 0 on')
    .option('--from <i>', 'begin at this index (default: 0)')
    .option('--limit <n>', 'so many numbers at most (default: all)')
    .option('--count', 'only how many numbers there are');
}

/** Adds the flag that makes one value of a bucket's numbers. */
export function addBucketAggregateFlag(command: Command): Command {
  const description = `one value of those numbers: ${BUCKET_AGGREGATES.join('|')}`;
  return command
    .optionsGroup('Which numbers:')
    .addOption(new Flag('--aggregate <name>', description, undefined, BUCKET_AGGREGATES));
}

/** Adds the flags that say how a build treats its folder. */
export function addFolderFlags(command: Command): Command {
  return command
    .optionsGroup('The folder:')
    .addOption(createFlag('--force', 'replace a table set of something else', 'FORCE'))
    .addOption(createFlag('--no-sync', 'faster, but a power cut may cost the tables', 'SYNC=0'))
    .addOption(new Option('--sync').hideHelp());
}

/** Adds the flags that say what a build tells while it runs. */
export function addProgressFlags(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      createFlag(
        '--progress <mode>',
        `${PROGRESS_MODES.join('|')} (default: auto)`,
        'PROGRESS',
        PROGRESS_MODES,
      ),
    )
    .addOption(
      createFlag('--progress-interval <s>', 'seconds between plain lines (default: 30)', 'PROGRESS_INTERVAL'),
    )
    .addOption(createFlag('-q, --quiet', 'print failures only', 'QUIET'));
}

/** Adds the flag that lets signals pass. */
export function addSignalsFlag(command: Command): Command {
  return command
    .optionsGroup('Signals:')
    .addOption(
      createFlag(
        '--ignore-signals <names>',
        'let these pass: HUP, INT, TERM, or several as HUP,INT (default: HUP under nohup)',
        'IGNORE_SIGNALS',
        [...IGNORABLE_SIGNALS, 'HUP,INT'],
      ),
    );
}

/** Adds the flag that serves a page to watch it on. */
export function addLiveFlag(command: Command): Command {
  return command.addOption(
    createFlag(
      '--dashboard [port]',
      'serve a page that shows it live, on 127.0.0.1 alone (default port: any free one)',
      'DASHBOARD',
    ),
  );
}

/** Adds the flag that asks for a result as JSON. */
export function addJsonFlag(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(createFlag('--json', 'print the result as one JSON document', 'JSON'));
}

/** Adds the flags that say how a table set is checked. */
export function addVerifyFlags(command: Command): Command {
  return command
    .optionsGroup('The check:')
    .option('--deep', 'look at every number too, not at the checksums alone')
    .option('--signature <file>', 'with --deep: recompute keys with this file, which the set was built with')
    .addOption(createOptionFlag())
    .option('--repair', 'write missing and damaged files anew')
    .addOption(createCpusFlag());
}

/** Adds the flags that say where a report goes. */
export function addReportFlags(command: Command): Command {
  return command
    .option('--out <file>', 'the file to write (default: report.html)')
    .option('--open', 'show it in the browser');
}

/** The flag that says what memory to use, for `description`. */
export function createMemoryFlag(description: string): Option {
  return createFlag('--max-memory <size>', `${description}, such as 2GB (default: half)`, 'MAX_MEMORY');
}

function createOptionFlag(): Option {
  const description = 'an option of the signature in that file; may be given several times';
  return new Option('--option <key=value>', description).argParser(
    (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
  );
}

/** The flag that says how many CPUs to use. */
export function createCpusFlag(): Option {
  const description = 'worker threads: a number, 50% or max (default: what may be used)';
  return createFlag('--cpus <n>', description, 'CPUS', ['max', '50%']);
}

/** A flag that a variable and a config file may also set; `suggestions` are for completions. */
export function createFlag(
  flags: string,
  description: string,
  variable: string,
  suggestions: readonly string[] = [],
): Flag {
  return new Flag(flags, description, variable, suggestions);
}

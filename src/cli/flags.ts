import { type Command, Option } from 'commander';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';

export const PROGRESS_MODES = ['auto', 'bar', 'plain', 'none'] as const;

export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** What commander found of a command's flags: texts for flags with a value, booleans for the others. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Adds the flags that say what to build, from what and to where. */
export function addSelectionFlags(command: Command): Command {
  return command
    .addOption(
      createFlag('--range <range>', 'numbers to group: END or START..END, the end not included', 'RANGE'),
    )
    .addOption(
      createFlag('--cpus <n>', 'worker threads: a number, 50% or max (default: what may be used)', 'CPUS'),
    )
    .addOption(createFlag('--chunk <n>', 'numbers per job (default: by range and layout)', 'CHUNK'))
    .addOption(createFlag('--layout <name>', `${LAYOUT_NAMES.join('|')} (default: signature)`, 'LAYOUT'))
    .addOption(createFlag('--out <dir>', 'output folder (default: tables)', 'OUT'));
}

/** Adds the flags that say how a build treats its folder. */
export function addFolderFlags(command: Command): Command {
  return command
    .addOption(createFlag('--force', 'replace a table set of something else', 'FORCE'))
    .addOption(createFlag('--no-sync', 'faster, but a power cut may cost the tables', 'SYNC=0'))
    .addOption(new Option('--sync').hideHelp());
}

/** Adds the flags that say what a build tells while it runs. */
export function addProgressFlags(command: Command): Command {
  return command
    .addOption(createFlag('--progress <mode>', `${PROGRESS_MODES.join('|')} (default: auto)`, 'PROGRESS'))
    .addOption(
      createFlag('--progress-interval <s>', 'seconds between plain lines (default: 30)', 'PROGRESS_INTERVAL'),
    )
    .addOption(createFlag('-q, --quiet', 'print failures only', 'QUIET'));
}

/** Adds the flag that asks for a result as JSON. */
export function addJsonFlag(command: Command): Command {
  return command.addOption(createFlag('--json', 'print the result as one JSON document', 'JSON'));
}

/**
 * Commander's own `env()` is not used: it takes a boolean's variable for set whatever its value is, and its messages
 * and ours would differ. `options.ts` reads the variables.
 */
function createFlag(flags: string, description: string, variable: string): Option {
  return new Option(flags, `${description} [SIGTABLES_${variable}]`);
}

import { type Command, Option } from 'commander';
import { optionNotTaken } from '../errors.js';
import { createCpusFlag, createMemoryFlag, createFlag } from './flags.js';

/** Adds the flags that say which queue is meant. */
export function addQueueFlags(command: Command): Command {
  return command
    .optionsGroup('The queue:')
    .addOption(createFlag('--queue <url>', 'redis://, rediss:// or postgres:// of a queue', 'QUEUE'))
    .addOption(createFlag('--queue-file <file>', 'a file that holds that URL', 'QUEUE_FILE'))
    .addOption(createFlag('--queue-ca <file>', 'certificate of the authority of its TLS', 'QUEUE_CA'));
}

/** Adds the flag that says that what other machines make stays as it is. */
export function addNoMergeFlag(command: Command): Command {
  return command
    .addOption(createFlag('--no-merge', 'leave what each job makes as a shard of a sharded set', 'MERGE=0'))
    .addOption(new Option('--merge').hideHelp());
}

/** Adds the flags that say where a dashboard is. */
export function addDashboardFlags(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <n>', 'port to listen on (default: one that is free)');
}

/** Adds the flag that says which folder all machines share. */
export function addRootFlag(command: Command, fallback: string): Command {
  return command.addOption(
    createFlag('--root <dir>', `folder that all machines share (default: ${fallback})`, 'ROOT'),
  );
}

/** Adds the flags that say what a worker may use; its signatures, with their options, are gathered in `given`. */
export function addWorkerFlags(command: Command, given: { path: string; options: string[] }[]): Command {
  const addSignature = (path: string): void => void given.push({ path, options: [] });
  const addOption = (text: string): void => {
    const signature = given.at(-1);
    if (!signature) throw optionNotTaken(text.split('=')[0] ?? text, 'reduced');
    signature.options.push(text);
  };
  command.optionsGroup('The work:');
  addRootFlag(command, 'the current one').addOption(createCpusFlag());
  return command
    .option(
      '--signature <file>',
      'a signature that it runs, besides reduced; may be given several times',
      addSignature,
    )
    .option('--option <key=value>', 'an option of the signature before it', addOption)
    .addOption(createMemoryFlag('memory for grouping'));
}

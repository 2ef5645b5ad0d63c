import { Argument, type Command } from 'commander';
import { notAShell } from '../../errors.js';
import { addHelpSections } from '../help.js';

/** The shells that there is a script for. */
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type Shell = (typeof SHELLS)[number];

const EXAMPLES = [
  'completion bash > ~/.local/share/bash-completion/completions/sigtables',
  'completion zsh > "$fpath[1]/_sigtables"',
  'completion fish > ~/.config/fish/completions/sigtables.fish',
  'completion powershell >> $PROFILE',
];
const NOTES = `Prints a script that makes the shell complete commands, flags, their values, files and folders. The examples keep it for later shells;
this one takes it by eval "$(sigtables completion bash)", in fish by sigtables completion fish | source. The script calls sigtables by
its name, so that has to be on the PATH (npm install --global sigtables).`;

/** Adds `completion`, which prints a shell's script, and `complete`, which that script asks what fits. */
export function registerCompletion(program: Command): void {
  const command = program
    .command('completion')
    .description('print the script that completes sigtables in your shell')
    .addArgument(createShellArgument())
    .action(printScript);
  addHelpSections(command, EXAMPLES, NOTES, ['0', '1', '2']);
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { printCompletions } = await import('../completion/complete.js');
      printCompletions(program, words);
    });
}

async function printScript(name: string): Promise<void> {
  const shell = SHELLS.find((candidate) => candidate === name);
  if (shell === undefined) {
    const { findNearest } = await import('../nearest.js');
    throw notAShell(name, findNearest(name, SHELLS), SHELLS);
  }
  const { printShellScript } = await import('../completion/script.js');
  printShellScript(shell);
}

/** Its choices are for completions: commander's own check of them would say less. */
function createShellArgument(): Argument {
  const argument = new Argument('<shell>', SHELLS.join('|'));
  argument.argChoices = [...SHELLS];
  return argument;
}

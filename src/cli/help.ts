import type { Command } from 'commander';

const EXIT_STATUS_HELP = `
Exit status:
  0      done, or nothing to do
  1      a fault in sigtables itself
  2      usage, or a plan that contradicts what the folder holds
  3      a table set that is absent, incomplete or damaged
  4      locked by another build
  5      the output place refused: space, quota, permission, limits
  6      an input or output operation failed
  7      a job failed
  128+n  stopped by signal n`;

/** Ends the help of `command` with its examples, a paragraph of `notes` and what every command's exit statuses mean. */
export function addHelpSections(command: Command, examples: readonly string[], notes?: string): Command {
  const lines = examples.map((example) => `  $ sigtables ${example}`);
  const noted = notes === undefined ? '' : `\n${notes}\n`;
  return command.addHelpText('after', `${noted}\nExamples:\n${lines.join('\n')}\n${EXIT_STATUS_HELP}`);
}

import type { Command, Option } from 'commander';
import { EXIT_STATUSES } from '../../src/cli/exit-statuses.js';
import { findHelpSections, splitParagraphs } from '../../src/cli/help.js';

/** The manual of `program` as Markdown, in the sections that man pages have: what `--help` says of every command, in one page. */
export function writeManual(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  return [
    `# ${program.name()}(1) -- group every number of a huge range by its signature`,
    `## SYNOPSIS\n\n${code(`${program.name()} COMMAND [options]`)}`,
    `## DESCRIPTION\n\n${escape(program.description())}`,
    `## COMMANDS`,
    ...commands.map((command) => describeCommand(command)),
    `## OPTIONS OF EVERY COMMAND\n\n${listOptions(help.visibleOptions(program))}`,
    `## EXIT STATUS\n\n${listItems(Object.entries(EXIT_STATUSES))}`,
    `## ENVIRONMENT\n\n${escape(ENVIRONMENT)}`,
  ].join('\n\n');
}

const ENVIRONMENT =
  'A flag with a name in [brackets] may also be set by the variable of that name, or by a config file (sigtables.config.json and others); a flag wins over a variable, a variable over a config. NO_COLOR is honoured.';

function describeCommand(command: Command): string {
  const help = command.createHelp();
  const { examples = [], notes = '', statuses = [] } = findHelpSections(command) ?? {};
  return [
    `### ${code(help.commandUsage(command))}`,
    `${escape(capitalize(command.description()))}.`,
    listItems(help.visibleArguments(command).map((one) => [help.argumentTerm(one), one.description])),
    listOptions(help.visibleOptions(command)),
    ...splitParagraphs(notes).map(escape),
    'Examples:',
    examples.map((example) => `    $ sigtables ${example}`).join('\n'),
    `Exit status: ${statuses.join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function listOptions(options: readonly Option[]): string {
  return listItems(options.map((option) => [option.flags, option.description]));
}

function listItems(items: readonly (readonly [string, string])[]): string {
  return items.map(([term, text]) => `* ${code(term)}:\n  ${escape(text)}`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What Markdown would take for a mark of its own. */
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
}

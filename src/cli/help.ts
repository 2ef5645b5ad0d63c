import { type Command, Help, type HelpConfiguration } from 'commander';
import { HELP_COLUMNS, HELP_COLUMNS_MIN } from '../limits.js';
import { ALL_STATUSES, EXIT_STATUSES, type ExitStatus } from './exit-statuses.js';

/** What the help of a command ends with. */
export interface HelpSections {
  readonly examples: readonly string[];
  /** Paragraphs, with an empty line between two; broken anew to the terminal's width. */
  readonly notes: string;
  readonly statuses: readonly ExitStatus[];
}

const SECTIONS = new WeakMap<Command, HelpSections>();

/** How commander's part of the help looks: the flags that every command has stand together, at the end. */
export const HELP_STYLE: HelpConfiguration = {
  showGlobalOptions: true,
  optionDescription: (option) => option.description,
  argumentDescription: (argument) => argument.description,
  visibleOptions(command) {
    const options = Help.prototype.visibleOptions.call(this as Help, command);
    return command.parent ? options.filter((option) => option.long !== '--help') : options;
  },
  visibleGlobalOptions(command) {
    if (!command.parent) return [];
    const own = Help.prototype.visibleOptions.call(this as Help, command);
    const help = own.filter((option) => option.long === '--help');
    return [...Help.prototype.visibleGlobalOptions.call(this as Help, command), ...help];
  },
  styleTitle: (title) => (title === 'Global Options:' ? 'Every command:' : title),
};

/**
 * Ends the help of `command` with `notes`, its `examples` (what follows `sigtables`) and the exit statuses that it may
 * have. The man page takes them from here too.
 */
export function addHelpSections(
  command: Command,
  examples: readonly string[],
  notes = '',
  statuses: readonly ExitStatus[] = ALL_STATUSES,
): Command {
  const sections = { examples, notes, statuses };
  SECTIONS.set(command, sections);
  return command.addHelpText('after', () => formatSections(sections));
}

/**
 * What `addHelpSections` was given for `command`; `undefined` if it was not called. The man page is made of it.
 *
 * @internal
 */
export function findHelpSections(command: Command): HelpSections | undefined {
  return SECTIONS.get(command);
}

/** The columns of a help text: those of the terminal on `stream`, where lines do not get too short or too long to read. */
export function chooseHelpWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  const columns = stream.isTTY ? (stream.columns ?? HELP_COLUMNS) : HELP_COLUMNS;
  return Math.max(HELP_COLUMNS_MIN, Math.min(columns, HELP_COLUMNS));
}

function formatSections({ examples, notes, statuses }: HelpSections): string {
  const paragraphs = splitParagraphs(notes).map((text) => `\n${wrap(text)}\n`);
  const lines = examples.map((example) => `  $ sigtables ${example}`);
  const meanings = statuses.map((status) => `  ${status.padEnd(7)}${EXIT_STATUSES[status]}`);
  return `${paragraphs.join('')}\nExamples:\n${lines.join('\n')}\n\nExit status:\n${meanings.join('\n')}`;
}

/** The paragraphs of a command's notes, each in one line. */
export function splitParagraphs(notes: string): string[] {
  const paragraphs = notes.split(/\n\s*\n/).map((text) => text.trim().replace(/\s*\n\s*/g, ' '));
  return paragraphs.filter((text) => text !== '');
}

function wrap(text: string): string {
  return new Help().boxWrap(text, chooseHelpWidth(process.stdout));
}

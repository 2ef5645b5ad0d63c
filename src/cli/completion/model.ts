import { type Argument as TabArgument, type Command as TabCommand, RootCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { Flag, kindOfOption, kindOfPlaceholder } from '../flag.js';

/** Ends the search: what fits here are files or folders, which the shell itself knows best. */
export class PathWanted extends Error {
  readonly kind: 'file' | 'folder';

  constructor(kind: 'file' | 'folder') {
    super(kind);
    this.kind = kind;
  }
}

type Offer = (complete: (value: string, description: string) => void) => void;

/**
 * The command line as tab wants to know it. Its adapter for commander would add commands of its own, know nothing of files and
 * folders, and leave out the flags that every command has.
 */
export function createModel(program: Command): RootCommand {
  const root = new RootCommand();
  addOptions(root, program, listOptions(program));
  for (const command of program.createHelp().visibleCommands(program)) {
    const described = root.command(command.name(), command.description());
    addOptions(described, program, [...listOptions(command), ...listOptions(program)]);
    for (const argument of command.registeredArguments)
      described.argument(argument.name(), offerArgument(program, command, argument), argument.variadic);
  }
  return root;
}

function listOptions(command: Command): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...(command.parent ? help.visibleGlobalOptions(command) : [])];
}

function addOptions(described: TabCommand, program: Command, options: readonly Option[]): void {
  for (const option of options) {
    const name = option.long?.slice(2);
    if (name === undefined || described.options.has(name)) continue;
    const alias = option.short?.slice(1);
    const offer = offerValue(option);
    if (offer) described.option(name, option.description, offer, alias);
    else described.option(name, option.description, alias);
  }
}

function offerValue(option: Option): Offer | undefined {
  const kind = kindOfOption(option);
  if (kind === 'switch') return undefined;
  if (kind !== 'text') return wantPath(kind);
  return offerAll(option instanceof Flag ? option.suggestions : []);
}

function offerArgument(
  program: Command,
  command: Command,
  argument: Argument,
): NonNullable<TabArgument['handler']> {
  const kind = kindOfPlaceholder(argument.name());
  if (kind !== 'text') return wantPath(kind);
  if (command.name() !== 'help') return offerAll(argument.argChoices ?? []);
  return offerAll(
    program
      .createHelp()
      .visibleCommands(program)
      .map((one) => one.name()),
  );
}

function wantPath(kind: PathWanted['kind']): () => never {
  return () => {
    throw new PathWanted(kind);
  };
}

function offerAll(values: readonly string[]): Offer {
  return (complete) => {
    for (const value of values) complete(value, '');
  };
}

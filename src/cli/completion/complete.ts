import { ShellCompDirective } from '@bomb.sh/tab';
import type { Command } from 'commander';
import { writeResult } from '../output.js';
import { createModel, PathWanted } from './model.js';

/**
 * Prints what may stand in place of the last of `words` (those behind the program's name; an empty one is still to be typed):
 * a line per candidate, then `:` and what the shell is to do besides. Files and folders are left to the shell.
 */
export function printCompletions(program: Command, words: readonly string[]): void {
  const model = createModel(program);
  try {
    // tab takes the word behind "--flag=value" for its value.
    model.parse([...words.slice(0, -1).flatMap(splitFlag), words.at(-1) ?? '']);
  } catch (error) {
    if (!(error instanceof PathWanted)) throw error;
    const { ShellCompDirectiveDefault, ShellCompDirectiveFilterDirs } = ShellCompDirective;
    writeResult(`:${error.kind === 'folder' ? ShellCompDirectiveFilterDirs : ShellCompDirectiveDefault}`);
  }
}

function splitFlag(word: string): string[] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

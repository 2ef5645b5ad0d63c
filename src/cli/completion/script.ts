import { script } from '@bomb.sh/tab';
import { writeResult } from '../output.js';
import { BASH_SCRIPT } from './bash-script.js';
import type { Shell } from '../commands/completion.js';

const PROGRAM = 'sigtables';

/** Prints what makes `shell` complete the command line. */
export function printShellScript(shell: Shell): void {
  if (shell === 'bash') writeResult(BASH_SCRIPT);
  else script(shell, PROGRAM, PROGRAM);
}

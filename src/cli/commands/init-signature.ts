import type { Command } from 'commander';
import { addHelpSections } from '../help.js';

const EXAMPLES = ['init-signature mine.ts', 'init-signature signatures/mine.js'];

const NOTES = `The file is TypeScript or JavaScript, by its name. Its test runs with node --test, on any Node from 20 on, where sigtables is
installed (npm install --save-dev sigtables). Neither file is overwritten if it is there.`;

/** Adds the command `init-signature`: a commented signature to start from, with a test beside it. */
export function registerInitSignature(program: Command): void {
  const command = program
    .command('init-signature')
    .description('write a signature of your own to start from, with a test beside it')
    .argument('<file>', 'the file to write: a name ending in .ts, .mts, .js or .mjs')
    .action(initSignature);
  addHelpSections(command, EXAMPLES, NOTES, ['0', '1', '2', '5']);
}

async function initSignature(file: string): Promise<void> {
  const { writeSignatureDraft } = await import('../signature-draft.js');
  const { describeDraft } = await import('../signature-draft-result.js');
  const { writeResult } = await import('../output.js');
  writeResult(describeDraft(await writeSignatureDraft(file)));
}

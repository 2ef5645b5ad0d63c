import type { Command } from 'commander';
import { addJsonFlag, addSignatureFlags, type Flags } from '../flags.js';
import { explainOfPlugIn } from '../../errors.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'sign 1234567              # prints 1234567, a tab, 1667',
  'sign 1e9 2**64-1 10^30    # exact at any size',
  'sign --explain 1234567    # shows every step',
  'sign - < numbers.txt      # a number per line',
  'sign --signature ./mine.ts --option base=7 5 6 7',
];

const NOTES = `With --signature, the numbers are those that the file's signature is defined for. A number that it leaves out has an empty
signature (null with --json); a signature with control characters, such as a tab, is printed as a JSON string.`;

/** Adds the command `sign`: the signatures of numbers from arguments or standard input. */
export function registerSign(program: Command): void {
  const command = program
    .command('sign')
    .description('print the signature of numbers: a line per number, with a tab between the two')
    .argument(
      '<n...>',
      'whole numbers (from 10 on for the built-in signature), such as 1234567 or 10**30; - reads them from standard input',
    )
    .option('--explain', 'show the steps that lead to each signature')
    .action(sign);
  addHelpSections(addJsonFlag(addSignatureFlags(command)), EXAMPLES, NOTES, ['0', '1', '2', '6', '7']);
}

/** What signing needs is loaded when it runs: the other commands start without it. */
async function sign(args: readonly string[], flags: Flags): Promise<void> {
  const { resolveJson } = await import('../options.js');
  const { resolveSignature } = await import('../signature-options.js');
  const json = resolveJson(flags);
  const explain = flags['explain'] === true;
  const signature = resolveSignature(flags);
  const { writeBytes } = await import('../byte-output.js');
  if (signature.kind === 'built-in') {
    const { signNumbers } = await import('../signing.js');
    await writeBytes(signNumbers(args, { explain, json }));
    return;
  }
  const { source } = signature;
  if (explain) throw explainOfPlugIn(source.path);
  const { guardPlugIn } = await import('../plug-in-guard.js');
  const { signWithPlugIn } = await import('../plug-in-signing.js');
  await guardPlugIn(source.path, () => writeBytes(signWithPlugIn(args, source, json)));
}

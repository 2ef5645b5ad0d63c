import type { Command } from 'commander';
import { addJsonFlag } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'sign 1234567              # prints 1234567, a tab, 1667',
  'sign 1e9 2**64-1 10^30    # exact at any size',
  'sign --explain 1234567    # shows every step',
  'sign - < numbers.txt      # a number per line',
];

/** Adds the command `sign`: the signatures of numbers from arguments or standard input. */
export function registerSign(program: Command): void {
  const command = program
    .command('sign')
    .description('print the signature of numbers: a line per number, with a tab between the two')
    .argument(
      '<n...>',
      'whole numbers from 10 on, such as 1234567 or 10**30; - reads them from standard input',
    )
    .option('--explain', 'show the steps that lead to each signature')
    .action(sign);
  addHelpSections(addJsonFlag(command), EXAMPLES);
}

/** What signing needs is loaded when it runs: the other commands start without it. */
async function sign(
  args: readonly string[],
  flags: { readonly explain?: true; readonly json?: true },
): Promise<void> {
  const { resolveJson } = await import('../options.js');
  const { signNumbers } = await import('../signing.js');
  const { writeBytes } = await import('../byte-output.js');
  await writeBytes(signNumbers(args, { explain: flags.explain === true, json: resolveJson(flags) }));
}

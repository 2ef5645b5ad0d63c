import { VERSION } from '../package.js';
import { exitWithFailure, reportFailure } from './failure.js';
import { ignoreHangupUnderNohup } from './ignored-signals.js';
import { guardStreams, writeResult } from './output.js';

ignoreHangupUnderNohup();
guardStreams();
process.on('uncaughtException', exitWithFailure);

let ended = false;
// A promise that never settles would otherwise end the process in silence, with status 0.
process.once('beforeExit', () => {
  if (!ended) reportFailure(new Error('the command ended without a result'));
});

// The exit status is only set, and the process left to end by itself, so that all output drains.
run(process.argv)
  .catch(reportFailure)
  .finally(() => {
    ended = true;
  });

/** Scripts ask for the version often: commander, which knows it too, takes half of the time to start. */
async function run(argv: readonly string[]): Promise<void> {
  if (argv.length === 3 && ['-V', '--version'].includes(argv[2] ?? '')) {
    writeResult(VERSION);
    return;
  }
  const { runProgram } = await import('./program.js');
  await runProgram(argv);
}

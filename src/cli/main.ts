import { exitWithFailure, reportFailure } from './failure.js';
import { guardStreams } from './output.js';
import { runProgram } from './program.js';

guardStreams();
process.on('uncaughtException', exitWithFailure);

let ended = false;
// A promise that never settles would otherwise end the process in silence, with status 0.
process.once('beforeExit', () => {
  if (!ended) reportFailure(new Error('the command ended without a result'));
});

// The exit status is only set, and the process left to end by itself, so that all output drains.
runProgram(process.argv)
  .catch(reportFailure)
  .finally(() => {
    ended = true;
  });

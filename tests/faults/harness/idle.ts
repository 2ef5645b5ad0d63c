import { runCommand } from './command.js';
import { SUITE } from './suite.js';

/**
 * How long the slowest of so many commands takes that are refused at once, started together; ms. What a machine under load adds to
 * every command, and no fault of it.
 */
export async function measureIdle(commands: number): Promise<number> {
  const refused = ['build', '--range', '1000', '--layout', 'single', '--out', SUITE.folder];
  const idle = Array.from({ length: commands }, () => runCommand(refused, { cwd: SUITE.folder }));
  return Math.max(...(await Promise.all(idle)).map(({ elapsedMs }) => elapsedMs));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import { startCommand, type CommandOptions } from './command.js';
import { runUndisturbed, type Work } from './works.js';

/** Ends a work before it is done, at a random time: by kill -9, or by a signal that it heeds. Whether it was in time. */
export async function interrupt(work: Work, random: Random, options: CommandOptions): Promise<boolean> {
  const { elapsedMs } = await runUndisturbed(work, random);
  const running = startCommand(work.args, options);
  await Promise.race([sleep((0.3 + 0.7 * random.next()) * elapsedMs), running.ended]);
  running.process.kill(random.pick(['SIGINT', 'SIGKILL']));
  const { status } = await running.ended;
  return status !== 0;
}

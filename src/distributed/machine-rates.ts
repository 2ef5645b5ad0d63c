import type { MachineStanding } from '../build/options.js';
import { isSilent, type MachineRecord } from './board.js';

/** Turns what machines say of themselves, time and again, into their rates. */
export class MachineRates {
  #last = new Map<string, MachineRecord>();
  #rates = new Map<string, number>();

  /** Where the machines stand that are not silent. */
  update(machines: readonly MachineRecord[]): MachineStanding[] {
    const here = machines.filter((machine) => !isSilent(machine));
    for (const machine of here) this.#measure(machine);
    this.#last = new Map(here.map((machine) => [machine.id, machine]));
    return here.map(({ id, host, threads, running }) => ({
      host,
      threads,
      jobsRunning: running,
      numbersPerS: this.#rates.get(id),
    }));
  }

  /** By the machine's own clock, over the time since it last finished a job. */
  #measure(machine: MachineRecord): void {
    const before = this.#last.get(machine.id);
    if (!before || before.beatMs >= machine.beatMs) return;
    const seconds = (machine.beatMs - before.beatMs) / 1000;
    const rate = Number(BigInt(machine.numbers) - BigInt(before.numbers)) / seconds;
    const known = this.#rates.get(machine.id);
    // Jobs end in bursts: a rate follows them by half.
    this.#rates.set(machine.id, known === undefined ? rate : (known + rate) / 2);
  }
}

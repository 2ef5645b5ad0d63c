import { NotTested, type FaultContext } from '../fault.js';
import { runProgram } from './command.js';

/** Machines as network namespaces of this one, each with a cable of its own to a bridge. */
export interface Lan {
  /** Of the bridge: what machines reach this one by. */
  readonly address: string;
  /** What runs a command on a machine, 0 and up. */
  on(machine: number): readonly string[];
  /** Pulls a machine's cable out: nothing comes through, and no side is told. */
  cut(machine: number): Promise<unknown>;
  heal(machine: number): Promise<unknown>;
}

/** Sets such machines up, for the time of a trial. */
export async function openLan(context: FaultContext, machines: number): Promise<Lan> {
  const id = process.pid % 10_000;
  const subnet = `10.213.${id % 250}`;
  const bridge = `sgtb${id}`;
  const nameOf = (machine: number): string => `sgt${id}m${machine}`;
  const ip = (line: string): Promise<unknown> => runProgram('ip', ...line.split(' '));
  context.atEnd(async () => {
    // Cables go with the namespaces that they lead to.
    for (let i = 0; i < machines; i++) await ip(`netns del ${nameOf(i)}`).catch(() => undefined);
    await ip(`link del ${bridge}`).catch(() => undefined);
  });
  try {
    await ip(`link add ${bridge} type bridge`);
    await ip(`addr add ${subnet}.1/24 dev ${bridge}`);
    await ip(`link set ${bridge} up`);
    for (let i = 0; i < machines; i++) {
      const name = nameOf(i);
      await ip(`netns add ${name}`);
      await ip(`link add ${name} type veth peer name eth0 netns ${name}`);
      await ip(`link set ${name} master ${bridge} up`);
      await ip(`-n ${name} addr add ${subnet}.${i + 2}/24 dev eth0`);
      await ip(`-n ${name} link set eth0 up`);
      await ip(`-n ${name} link set lo up`);
    }
  } catch (error) {
    throw new NotTested(`ip netns (${(error as Error).message})`);
  }
  return {
    address: `${subnet}.1`,
    on: (machine) => ['ip', 'netns', 'exec', nameOf(machine)],
    cut: (machine) => ip(`link set ${nameOf(machine)} down`),
    heal: (machine) => ip(`link set ${nameOf(machine)} up`),
  };
}

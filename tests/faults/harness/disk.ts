import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotTested } from '../fault.js';
import { runProgram } from './command.js';
import { SUITE } from './suite.js';

const DISK_SIZE = '96M';
/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk, the file system's journal neither. */
const SWITCH = `
import fcntl, os, struct, sys
folder = os.open(sys.argv[1], os.O_RDONLY)
print("ready", flush=True)
if sys.stdin.readline() == "off\\n":
    fcntl.ioctl(folder, 0x8004587d, struct.pack("I", 2))
`;

let blank: Promise<string> | undefined;

/** A disk whose power can be cut: ext4 in a file. */
export class Disk {
  /** Where it is mounted. */
  readonly folder: string;
  readonly #image: string;
  readonly #options: string;
  #switch: ChildProcess | undefined;
  #isMounted = false;

  private constructor(image: string, folder: string, options: string) {
    this.#image = image;
    this.folder = folder;
    this.#options = options;
  }

  /** A new disk, mounted in `folder`. Throws a NotTested where that cannot be had. */
  static async create(folder: string, options = 'loop'): Promise<Disk> {
    blank ??= formatBlank();
    const image = join(folder, 'disk.ext4');
    await runProgram('cp', '--sparse=always', await blank, image);
    const disk = new Disk(image, join(folder, 'disk'), options);
    await mkdir(disk.folder);
    await disk.mount();
    return disk;
  }

  /** Mounts it, again after `cutPower`: what the journal of the file system holds is made good. */
  async mount(): Promise<void> {
    await runProgram('mount', '-t', 'ext4', '-o', this.#options, this.#image, this.folder).catch(() => {
      throw new NotTested('mounting ext4 in a loop');
    });
    this.#isMounted = true;
    this.#switch = spawn('python3', ['-c', SWITCH, this.folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#switch.once('error', () => undefined);
    if (this.#switch.pid === undefined) throw new NotTested('python3, for the ioctl');
    await once(this.#switch.stdout!, 'data');
  }

  /** From here on the disk takes nothing. Throws a NotTested where the file system cannot be shut down. */
  async cutPower(): Promise<void> {
    this.#switch?.stdin?.write('off\n');
    if ((await this.#waitForSwitch()) !== 0) throw new NotTested('the ioctl EXT4_IOC_SHUTDOWN');
  }

  /** Ends all use of it. */
  async unmount(): Promise<void> {
    if (!this.#isMounted) return;
    this.#switch?.stdin?.end();
    await this.#waitForSwitch();
    await runProgram('umount', this.folder);
    this.#isMounted = false;
    // As long as a command of another trial runs with mounts of its own, which are copies, the disk is still in use.
    while ((await runProgram('losetup', '--associated', this.#image)) !== '') await sleep(20);
  }

  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.#image);
  }

  async #waitForSwitch(): Promise<number | null> {
    const held = this.#switch;
    this.#switch = undefined;
    if (!held) return 0;
    if (held.exitCode !== null) return held.exitCode;
    const [status] = (await once(held, 'exit')) as [number | null];
    return status;
  }
}

async function formatBlank(): Promise<string> {
  const image = join(SUITE.folder, 'blank.ext4');
  await runProgram('truncate', '-s', DISK_SIZE, image);
  await runProgram('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image).catch(
    () => {
      throw new NotTested('mkfs.ext4');
    },
  );
  const copy = `${image}.copy`;
  await copyFile(image, copy, constants.COPYFILE_FICLONE);
  return copy;
}

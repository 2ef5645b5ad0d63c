import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NotTested, type FaultContext } from '../fault.js';

/** Where cgroups of version 1 and 2 are, and what bounds the memory there. */
const HIERARCHIES = [
  { parent: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { parent: '/sys/fs/cgroup', limit: 'memory.max' },
];

/** What runs a command in a cgroup of `bytes`, the page cache included. Throws NotTested where none can be made. */
export function limitMemory(context: FaultContext, bytes: number): readonly string[] {
  for (const { parent, limit } of HIERARCHIES) {
    const folder = join(parent, `sigtables-${process.pid}-${context.trial}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    context.atEnd(() => rmdir(folder));
    if (!existsSync(join(folder, limit))) continue;
    writeFileSync(join(folder, limit), String(bytes));
    return ['sh', '-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'sh'];
  }
  throw new NotTested('a cgroup that bounds the memory');
}

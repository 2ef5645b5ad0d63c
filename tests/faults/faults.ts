import { buildsAtOnce } from './builds-at-once.js';
import { changedData } from './changed-data.js';
import { damagedJournal, damagedManifest } from './damaged-bytes.js';
import { fullDisk, fullDiskCalls } from './disk-full.js';
import type { Fault } from './fault.js';
import { fuzz } from './fuzz.js';
import { heavySets, hostileSets } from './hostile.js';
import { hostileShards } from './hostile-shards.js';
import { ioErrors } from './io-errors.js';
import { killBuild, killMerge, killPlugIn, killRepair } from './kill.js';
import { descriptors, folderRemoved, permission, readOnly } from './limits.js';
import { eightBuilds } from './load.js';
import { clockMoved, lockLeft } from './lock-left.js';
import { memoryLimit } from './memory-limit.js';
import { otherArguments } from './other-arguments.js';
import { powerCut, powerCutAfterwards, powerCutControl } from './power-cut.js';
import { queueFaults } from './queue.js';
import { signals } from './signals.js';
import { soak } from './soak.js';
import { workerDeath } from './worker-death.js';

/** All faults, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  killBuild,
  killPlugIn,
  killMerge,
  killRepair,
  powerCut,
  powerCutAfterwards,
  powerCutControl,
  signals,
  fullDisk,
  fullDiskCalls,
  ioErrors,
  descriptors,
  readOnly,
  permission,
  folderRemoved,
  workerDeath,
  buildsAtOnce,
  lockLeft,
  clockMoved,
  damagedJournal,
  damagedManifest,
  changedData,
  otherArguments,
  hostileSets,
  hostileShards,
  heavySets,
  fuzz,
  eightBuilds,
  memoryLimit,
  soak,
  ...queueFaults,
];

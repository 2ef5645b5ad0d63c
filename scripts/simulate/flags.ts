import { parseArgs } from 'node:util';
import { countThreads, parseMachines } from './machines.js';
import { averageBytes, chooseJobs, type Model } from './model.js';
import { parseByteRate, parsePositive, parseSeconds, UnitError } from './units.js';

/** The machines of the LAN that this was made for. */
const HOME_LAN = '64,20,20,6,4,4,4';

const OPTIONS = {
  range: { type: 'string', default: '1e12,1e13,1e14,1e15' },
  machines: { type: 'string', multiple: true },
  'cpu-rate': { type: 'string', default: '3e8' },
  network: { type: 'string', default: '10Gbit/s' },
  disk: { type: 'string', default: '2GB/s' },
  'merge-rate': { type: 'string', default: '1.2GB/s' },
  'no-merge': { type: 'boolean', default: false },
  jobs: { type: 'string' },
  'queue-rate': { type: 'string', default: '2000' },
  'job-overhead': { type: 'string', default: '100ms' },
  spread: { type: 'string', default: '0.1' },
  mtbf: { type: 'string', default: '90d' },
  repair: { type: 'string', default: '30min' },
  price: { type: 'string' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What `--help` prints. */
export const HELP = `npm run simulate -- [flags]: what a build on many machines would take; builds nothing

  --range R,…          ends of ranges: 1e12,1e13,1e14,1e15
  --machines M,…       CPUs of each machine: 64,20,20,6,4,4,4; 1000*16 for a thousand alike, 4@0.5 for threads of half
                       the speed. Repeat the flag to compare several sets of machines
  --cpu-rate N         numbers a second of a thread: 3e8, the built-in signature as measured; a plug-in may have 1e6
  --network RATE       of each machine, each way: 10Gbit/s
  --disk RATE          of the shared folder, all machines together: 2GB/s
  --merge-rate RATE    of the one process that merges: 1.2GB/s
  --no-merge           leave a table set per job
  --jobs N             ten for each thread unless given, none above 1e10 numbers
  --queue-rate N       jobs a second that the queue's server hands out: 2000
  --job-overhead T     to start and to end a job: 100ms
  --spread S           how much equal jobs differ: 0.1
  --mtbf T, --repair T the mean time between failures of a machine: 90d, or none; until it is back: 30min, or none
  --price P            of a machine hour, in any currency
  --seed N             the same seed gives the same result: 1
  --json               one JSON document

Units: B/s to PB/s, kbit/s to Tbit/s; ms, s, min, h, d, y.
`;

/** What the flags ask for: a model for each range and set of machines. */
export interface Request {
  readonly isHelp: boolean;
  readonly isJson: boolean;
  readonly price: number | undefined;
  readonly cases: readonly { readonly range: string; readonly machines: string; readonly model: Model }[];
}

/** Reads the flags; throws a UnitError that names the wrong one. */
export function readFlags(args: readonly string[]): Request {
  const values = parseValues(args);
  const cases = (values.machines ?? [HOME_LAN]).flatMap((machines) =>
    values.range.split(',').map((range) => ({ range, machines, model: readModel(values, range, machines) })),
  );
  const price = values.price === undefined ? undefined : parsePositive(values.price, '--price');
  return { isHelp: values.help, isJson: values.json, price, cases };
}

type Values = ReturnType<typeof parseValues>;

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UnitError((error as Error).message.split('. ')[0]);
  }
}

function readModel(values: Values, range: string, machinesText: string): Model {
  const machines = parseMachines(machinesText);
  const end = parsePositive(range, '--range');
  if (end < 1e3 || end > 1e18) throw new UnitError(`--range ${range}: give an end from 1e3 to 1e18`);
  const spread = Number(values.spread);
  if (!(spread >= 0 && spread < 1))
    throw new UnitError(`--spread ${values.spread}: give a share from 0 to below 1`);
  const jobs = values.jobs === undefined ? undefined : Math.round(parsePositive(values.jobs, '--jobs'));
  return {
    numbers: end - 10,
    bytesPerNumber: averageBytes(end),
    machines,
    cpuRate: parsePositive(values['cpu-rate'], '--cpu-rate'),
    networkRate: parseByteRate(values.network, '--network'),
    diskRate: parseByteRate(values.disk, '--disk'),
    mergeRate: parseByteRate(values['merge-rate'], '--merge-rate'),
    isMerged: !values['no-merge'],
    jobs: jobs ?? chooseJobs(end - 10, countThreads(machines)),
    queueRate: parsePositive(values['queue-rate'], '--queue-rate'),
    jobOverheadSeconds: parseSeconds(values['job-overhead'], '--job-overhead'),
    spread,
    failureSeconds: parseSeconds(values.mtbf, '--mtbf'),
    repairSeconds: parseSeconds(values.repair, '--repair'),
    expirySeconds: LOCK_EXPIRY_SECONDS,
    seed: parsePositive(values.seed, '--seed'),
  };
}

/** A job's lock holds for 30 s; the queue looks for those that have run out every 5 s, and a machine takes a while to die. */
const LOCK_EXPIRY_SECONDS = [30, 40] as const;

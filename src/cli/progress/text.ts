import type { BuildEvent, MachineStanding } from '../../build/options.js';
import { MAX_BAR_CELLS, MIN_BAR_CELLS, NARROW_TERMINAL_COLUMNS } from '../../limits.js';
import { formatByteRate, formatBytes, formatCount, formatDuration, formatRate } from '../../format.js';
import type { Standing } from '../../progress/meter.js';

/** What a build sets out to do, in one line. */
export function describeStart(event: Extract<BuildEvent, { type: 'started' }>): string {
  const { plan, out, cpus, sources, work, queue, jobsDone } = event;
  const where = work === undefined ? 'into' : 'in';
  const size = plan.bytes === undefined ? '' : ` (${formatBytes(plan.bytes)})`;
  const what = `${work ?? describeWork(sources)} ${formatCount(plan.numbers)} numbers${size} ${where} ${out}`;
  const runners = queue === undefined ? `on ${countCpus(cpus)}` : `given to ${queue}`;
  const how = `${formatCount(plan.jobs)} ${plan.jobs === 1n ? 'job' : 'jobs'} ${runners}`;
  return `${what}: ${how}${jobsDone === 0 ? '' : `, ${formatCount(jobsDone)} of them done before`}`;
}

function describeWork(sources: number | undefined): string {
  if (sources === undefined) return 'building';
  return `merging ${formatCount(sources)} table ${sources === 1 ? 'set' : 'sets'}:`;
}

/** Where a build stands, in one line for a log. */
export function describeStanding(standing: Standing | undefined): string {
  if (standing === undefined) return 'preparing';
  const numbers = formatRate(standing.numbersPerS).replace('/s', ' numbers/s');
  const rates = `${numbers}, ${formatByteRate(standing.bytesPerS)}`;
  const time = `${formatDuration(standing.elapsedMs)} elapsed`;
  const machines = standing.machines ? `; ${describeMachines(standing.machines)}` : '';
  return `${countJobs(standing)} jobs (${formatPercent(standing)}), ${rates}, ${time}, ${describeRest(standing)}${machines}`;
}

/** More machines than this are counted, not named. */
const NAMED_MACHINES = 8;

/** `3 machines, 12 threads: a 8 threads 1.2 M/s, …` */
function describeMachines(machines: readonly MachineStanding[]): string {
  const named = machines.slice(0, NAMED_MACHINES).map(({ host, threads, numbersPerS }) => {
    return `${host} ${threads} ${threads === 1 ? 'thread' : 'threads'} ${formatRate(numbersPerS)}`;
  });
  const rest = machines.length > NAMED_MACHINES ? ', …' : '';
  return `${countMachines(machines)}${named.length === 0 ? '' : `: ${named.join(', ')}${rest}`}`;
}

function countMachines(machines: readonly MachineStanding[]): string {
  const threads = machines.reduce((sum, machine) => sum + machine.threads, 0);
  const onThreads = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const what = `${machines.length} ${machines.length === 1 ? 'machine' : 'machines'}`;
  return machines.length === 0 ? 'no machine' : `${what} with ${onThreads}`;
}

/** Where a build stands, with a bar, in less than `columns` characters; `paint` colours the full part of the bar. */
export function drawBar(standing: Standing, columns: number, paint: (bar: string) => string): string {
  const rest = describeRest(standing);
  const done = `${formatPercent(standing).padStart(4)} | ${countJobs(standing)}`;
  // The last column stays free: a character there makes some terminals begin a new line.
  const width = columns - 1;
  if (columns < NARROW_TERMINAL_COLUMNS) return drawShort(standing, width);
  const rates = `${formatRate(standing.numbersPerS)} | ${formatByteRate(standing.bytesPerS)}`;
  const machines = standing.machines ? ` | ${countMachines(standing.machines)}` : '';
  const text = `${done} jobs | ${rates} | ${formatDuration(standing.elapsedMs)} | ${rest}${machines}`;
  const cells = Math.min(MAX_BAR_CELLS, width - text.length - 3);
  if (cells < MIN_BAR_CELLS) return text.length <= width ? text : drawShort(standing, width);
  const full = Math.floor(standing.fraction * cells);
  return `[${paint('='.repeat(full))}${' '.repeat(cells - full)}] ${text}`;
}

/** What fits of it, in whole words. */
function drawShort(standing: Standing, width: number): string {
  const percent = formatPercent(standing).padStart(4);
  const jobs = countJobs(standing);
  const rest = describeRest(standing);
  const forms = [
    [percent, jobs, formatRate(standing.numbersPerS), rest],
    [percent, jobs, rest],
    [percent, rest],
    [percent],
  ];
  const texts = forms.map((form) => form.join(' | '));
  return texts.find((text) => text.length <= width) ?? '';
}

/** `1 CPU`, `2 CPUs`. */
export function countCpus(cpus: number): string {
  return `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`;
}

function describeRest(standing: Standing): string {
  const { placing } = standing;
  if (placing) return `placing ${placing.done}/${placing.steps}`;
  return standing.isCommitting ? 'finishing' : `${formatDuration(standing.leftMs)} left`;
}

function countJobs(standing: Standing): string {
  return `${formatCount(standing.jobsDone)}/${formatCount(standing.jobs)}`;
}

function formatPercent(standing: Standing): string {
  return `${Math.floor(standing.fraction * 100)}%`;
}

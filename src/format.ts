/** Digits up to which a count is written in full; the exact value of anything larger is in the JSON output. */
const FULL_DIGITS = 30;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB', 'RB', 'QB'];
const RATE_UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const UNKNOWN = '--';

/** `n` with commas, exact up to 30 digits; above that rounded to four digits and marked so: `~1.000e100`. */
export function formatCount(n: bigint | number): string {
  const digits = n.toString();
  return digits.length <= FULL_DIGITS ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : formatApproximately(digits);
}

/** `n` in plain digits, to be typed again, or rounded as `formatCount` does it. */
export function formatBound(n: bigint): string {
  const digits = n.toString();
  return digits.length <= FULL_DIGITS ? digits : formatApproximately(digits);
}

/** A size in bytes in decimal units with three digits: `9.89 GB`. */
export function formatBytes(sizeBytes: bigint | number): string {
  if (sizeBytes.toString().length > FULL_DIGITS) return `${formatCount(sizeBytes)} B`;
  const { value, unit } = scaleTo(Number(sizeBytes), BYTE_UNITS, (scaled) => scaled.toPrecision(3));
  return `${value} ${unit}`;
}

/** A rate of anything per second: `123.4 M/s`; `undefined` is unknown and gives `--`. */
export function formatRate(perSecond: number | undefined): string {
  if (perSecond === undefined || !Number.isFinite(perSecond)) return UNKNOWN;
  if (perSecond >= 1e21) return `${perSecond.toExponential(1)}/s`;
  const { value, unit } = scaleTo(perSecond, RATE_UNITS, (scaled) => scaled.toFixed(1));
  return unit === '' ? `${value}/s` : `${value} ${unit}/s`;
}

/** A rate in bytes per second: `1.22 GB/s`; `undefined` is unknown and gives `--`. */
export function formatByteRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined || !Number.isFinite(bytesPerSecond)) return UNKNOWN;
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** A time in milliseconds as `12ms`, `4.2s`, `42s`, `1m 05s`, `2h 03m` or `3d 04h`; `undefined` gives `--`. */
export function formatDuration(durationMs: number | undefined): string {
  if (durationMs === undefined || !Number.isFinite(durationMs)) return UNKNOWN;
  const ms = Math.max(0, durationMs);
  if (ms >= 1 && ms < 99.5) return `${Math.round(ms)}ms`;
  // 9.95 s would round to "10.0s".
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const hours = Math.floor(minutes / 60);
  return joinUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** `text` as one word of a shell command line: quoted only where it needs to be. */
export function quoteArgument(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${formatCount(large)}${largeUnit} ${String(small).padStart(2, '0')}${smallUnit}`;
}

/** The four leading digits, rounded half up, with the power of ten. */
function formatApproximately(digits: string): string {
  const rounded = ((BigInt(digits.slice(0, 5)) + 5n) / 10n).toString();
  // 9999.5 and more carry into a fifth digit.
  const exponent = digits.length - 1 + (rounded.length - 4);
  return `~${rounded[0]}.${rounded.slice(1, 4)}e${exponent}`;
}

/** The largest unit that leaves at least 1, decided after rounding, so that 999,999 is `1.00 MB` and not `1e+3 kB`. */
function scaleTo(
  value: number,
  units: readonly string[],
  round: (scaled: number) => string,
): { value: string; unit: string } {
  let scaled = value;
  let index = 0;
  while (index < units.length - 1 && (scaled >= 1000 || (index > 0 && Number(round(scaled)) >= 1000))) {
    scaled /= 1000;
    index += 1;
  }
  return { value: index === 0 ? String(Math.round(scaled)) : round(scaled), unit: units[index] ?? '' };
}

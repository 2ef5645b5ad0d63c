/** What a flag's text says cannot be read; the message names the flag. */
export class UnitError extends Error {}

const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
const BITS: Readonly<Record<string, number>> = {
  kbit: 1e3 / 8,
  Mbit: 1e6 / 8,
  Gbit: 1e9 / 8,
  Tbit: 1e12 / 8,
};
const SECONDS: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  y: 31_557_600,
};

/** Bytes a second, from text such as `1.5GB/s` or `10Gbit/s`. */
export function parseByteRate(text: string, flag: string): number {
  return parseUnit(
    text.replace(/\/s$/, ''),
    { ...BYTES, ...BITS },
    flag,
    'a rate such as 1.5GB/s or 10Gbit/s',
  );
}

/** Seconds, from text such as `35s`, `90min` or `30d`; `none` is infinite. */
export function parseSeconds(text: string, flag: string): number {
  return text === 'none'
    ? Infinity
    : parseUnit(text, SECONDS, flag, 'a time such as 35s, 90min, 30d, or none');
}

/** A number above 0, from text such as `3e8` or `0.5`. */
export function parsePositive(text: string, flag: string): number {
  const value = /^\d[\d_]*(?:\.\d+)?(?:e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : NaN;
  if (!(value > 0 && value < Infinity)) throw new UnitError(`${flag} ${text}: give a number above 0`);
  return value;
}

function parseUnit(
  text: string,
  units: Readonly<Record<string, number>>,
  flag: string,
  expected: string,
): number {
  const [, number = '', unit = ''] = /^([\d.]+(?:e\d+)?) ?([a-z]+)$/i.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined || !(Number(number) >= 0))
    throw new UnitError(`${flag} ${text}: give ${expected}`);
  return Number(number) * factor;
}

/** Seconds in the unit that people would take. */
export function formatSeconds(seconds: number): string {
  const unit = (['y', 'd', 'h', 'min', 's'] as const).find((name) => seconds >= 1.5 * SECONDS[name]!) ?? 's';
  return `${(seconds / SECONDS[unit]!).toPrecision(3)} ${unit}`;
}

/** Bytes in the unit that people would take. */
export function formatBytes(bytes: number): string {
  const unit = (['PB', 'TB', 'GB', 'MB', 'kB'] as const).find((name) => bytes >= BYTES[name]!) ?? 'B';
  return `${(bytes / BYTES[unit]!).toPrecision(3)} ${unit}`;
}

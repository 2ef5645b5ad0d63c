import { keyOf } from '../signatures/reduced/key.js';
import { explainReduction, type ReductionStep } from '../signatures/reduced/reduction.js';

/** The steps of `n` beneath its signature, line by line. A number from 10 on: throws a RangeError below. */
export function* explainAsText(n: bigint): Generator<string> {
  const key = keyOf(n);
  const steps = key.slice(0, -2);
  const widths = {
    step: Math.max(steps.length, 'step'.length),
    number: Math.max(String(n).length, 'number'.length),
  };
  const row = (step: string, number: string, note: string): string =>
    `  ${step.padStart(widths.step)}  ${number.padStart(widths.number)}  ${note}\n`;
  yield `${n}\t${key}\n`;
  yield row('step', 'number', 'subtracted');
  yield row('1', String(n), 'nothing: counting begins at 1');
  for (const step of explainReduction(n))
    yield row(String(step.step), String(step.after), describeSubtraction(step));
  yield `  key: ${steps} (steps, at least two digits) then ${key.slice(-2)} (what is left) = ${key}\n`;
}

/** The steps of `n` as a JSON object, piece by piece. A number from 10 on: throws a RangeError below. */
export function* explainAsJson(n: bigint): Generator<string> {
  yield `{"number":"${n}","signature":"${keyOf(n)}","steps":[`;
  let separator = '';
  for (const { step, before, power, subtracted, after } of explainReduction(n)) {
    yield `${separator}{"step":${step},"before":"${before}","power":"${power}","subtracted":${subtracted},"after":"${after}"}`;
    separator = ',';
  }
  yield ']}';
}

/** The power stays a power: in full it would be as wide as the number. */
function describeSubtraction({ power, subtracted }: ReductionStep): string {
  return `${String(subtracted).padStart(2)} * 10^${String(power).length - 1}`;
}

import { SigtablesError } from '../../errors.js';
import { REPORT_STEPS, REPORT_STEPS_MAX } from '../../limits.js';
import { parseNumber } from '../../range/expression.js';
import { keyOf } from '../../signatures/reduced/key.js';
import { rank } from '../../signatures/reduced/ranking.js';
import { explainReduction, type ReductionStep } from '../../signatures/reduced/reduction.js';
import { shortenDigits } from '../long-number.js';
import { createElement, findElement } from './dom.js';
import { writeExactly } from './number-text.js';

/** What the page knows of its table set. */
export interface Bounds {
  readonly start: bigint;
  readonly end: bigint;
}

const EXAMPLE = 1_234_567n;
const PAUSE_MS = 120;

/** Shows how the number in the field is reduced, as it is typed; `mark` is told of its signature, or of none. */
export class ReductionView {
  readonly #bounds: Bounds;
  readonly #mark: (key: string | undefined) => void;
  readonly #input = findElement('number') as HTMLInputElement;
  readonly #answer = findElement('answer');
  readonly #steps = findElement('reduction');
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bounds: Bounds, mark: (key: string | undefined) => void) {
    this.#bounds = bounds;
    this.#mark = mark;
    const isInside = EXAMPLE >= bounds.start && EXAMPLE < bounds.end;
    this.#input.value = String(isInside ? EXAMPLE : bounds.end - 1n);
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#answerNow(), PAUSE_MS);
    });
    this.#answerNow();
  }

  /** Puts a number into the field. */
  ask(n: bigint): void {
    this.#input.value = String(n);
    this.#answerNow();
  }

  #answerNow(): void {
    const n = this.#readNumber();
    if (n === undefined) return;
    const key = keyOf(n);
    this.#mark(key);
    this.#answer.replaceChildren(
      createElement('output', { class: 'key', for: 'number' }, key),
      this.#place(n, key),
    );
    this.#list(n, REPORT_STEPS);
  }

  #readNumber(): bigint | undefined {
    try {
      const n = parseNumber(this.#input.value, 'the number');
      if (n >= 10n) return (this.#setValid(true), n);
      this.#refuse('The signature begins at 10: below, the loop would never end.');
    } catch (error) {
      if (!(error instanceof SigtablesError)) throw error;
      this.#refuse(error.message);
    }
    return undefined;
  }

  #refuse(why: string): void {
    this.#setValid(false);
    this.#mark(undefined);
    this.#answer.replaceChildren(createElement('p', { class: 'refused', dir: 'auto' }, why));
    this.#steps.replaceChildren();
  }

  #setValid(isValid: boolean): void {
    this.#input.setAttribute('aria-invalid', String(!isValid));
  }

  #place(n: bigint, key: string): HTMLElement {
    const { start, end } = this.#bounds;
    const name = shortenDigits(String(n));
    const steps = `${BigInt(key.slice(0, -2))} steps, then ${key.slice(-2)}.`;
    if (n < start || n >= end)
      return createElement('p', {}, `${steps} ${name} is outside of the range of this table set.`);
    const before = rank(key, start);
    const index = rank(key, n) - before;
    const count = rank(key, end) - before;
    return createElement(
      'p',
      {},
      `${steps} Its bucket holds ${writeExactly(count)} ${count === 1n ? 'number' : 'numbers'} of the range; this one is at index `,
      createElement('strong', {}, writeExactly(index)),
      ', counted from 0.',
    );
  }

  #list(n: bigint, most: number): void {
    const { head, tail, total } = collectSteps(n, most);
    const leftOut = total - head.length - tail.length;
    const rows = [createRow('1', n, 'nothing yet'), ...head.map(describeStep)];
    if (leftOut > 0) rows.push(this.#createGap(n, total, leftOut));
    rows.push(...tail.map(describeStep));
    const names = ['Step', 'Number', 'Taken away'].map((name, i) =>
      createElement('th', { scope: 'col', ...(i < 2 && { class: 'number' }) }, name),
    );
    const table = createElement('table', {}, createElement('thead', {}, createElement('tr', {}, ...names)));
    table.append(createElement('tbody', {}, ...rows));
    this.#steps.replaceChildren(
      createElement(
        'div',
        { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'The steps' },
        table,
      ),
    );
  }

  #createGap(n: bigint, total: number, leftOut: number): HTMLTableRowElement {
    const cell = createElement(
      'td',
      { colspan: '3', class: 'gap' },
      `${writeExactly(BigInt(leftOut))} steps left out `,
    );
    if (total <= REPORT_STEPS_MAX) {
      const button = createElement('button', { type: 'button' }, 'Show all');
      button.addEventListener('click', () => this.#list(n, REPORT_STEPS_MAX));
      cell.append(button);
    }
    return createElement('tr', {}, cell);
  }
}

/** The first and the last steps, at most so many together. */
function collectSteps(
  n: bigint,
  most: number,
): { head: ReductionStep[]; tail: ReductionStep[]; total: number } {
  const head: ReductionStep[] = [];
  let tail: ReductionStep[] = [];
  let total = 0;
  for (const step of explainReduction(n)) {
    total += 1;
    if (head.length < most / 2) head.push(step);
    else tail.push(step);
    if (tail.length > 2 * most) tail = tail.slice(-most / 2);
  }
  return total <= most
    ? { head: [...head, ...tail], tail: [], total }
    : { head, tail: tail.slice(-most / 2), total };
}

function describeStep({ step, power, subtracted, after }: ReductionStep): HTMLTableRowElement {
  const exponent = createElement('sup', {}, String(String(power).length - 1));
  return createRow(String(step), after, `${subtracted} × 10`, exponent);
}

function createRow(step: string, n: bigint, ...note: (string | Node)[]): HTMLTableRowElement {
  return createElement(
    'tr',
    {},
    createElement('td', { class: 'number' }, step),
    createElement('td', { class: 'number digits' }, shortenDigits(String(n))),
    createElement('td', {}, ...note),
  );
}

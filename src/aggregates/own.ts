import { deserialize, serialize } from 'node:v8';
import { plugInGave, plugInThrew } from '../errors/spool.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { Aggregate, AggregateDefinition, Column } from './aggregate.js';
import { toJsonText } from './json-text.js';

/** Stands for the partial result of a bucket that has no numbers yet. */
const NONE = Symbol('no partial result yet');

/** An aggregate that a module defines. Its partial results pass through files by structured clone. */
export function createOwnAggregate(name: string, definition: AggregateDefinition): Aggregate {
  return {
    name,
    keepsNumbers: false,
    takesValues: true,
    createColumn: () => new OwnColumn(name, definition),
  };
}

class OwnColumn implements Column {
  readonly #name: string;
  readonly #definition: AggregateDefinition;
  #parts: unknown[] = [];

  constructor(name: string, definition: AggregateDefinition) {
    this.#name = name;
    this.#definition = definition;
  }

  clear(): void {
    this.#parts = [];
  }

  open(bucket: number): void {
    this.#parts[bucket] = NONE;
  }

  add(bucket: number, n: WholeNumber, value: WholeNumber): void {
    let step = 'init';
    try {
      const known = this.#parts[bucket];
      const part = known === NONE ? this.#definition.init() : known;
      step = 'add';
      this.#parts[bucket] = this.#definition.add(part, n, value);
    } catch (error) {
      throw plugInThrew(this.#nameStep(step), n, error);
    }
  }

  encode(bucket: number, n: WholeNumber): Uint8Array {
    try {
      return serialize(this.#parts[bucket]);
    } catch {
      throw plugInGave(this.#nameStep('add'), n, this.#parts[bucket], 'plain data that can be copied');
    }
  }

  absorb(bucket: number, bytes: Uint8Array, n: WholeNumber): void {
    const right: unknown = deserialize(bytes);
    const left = this.#parts[bucket];
    try {
      this.#parts[bucket] = left === NONE ? right : this.#definition.merge(left, right);
    } catch (error) {
      throw plugInThrew(this.#nameStep('merge'), n, error);
    }
  }

  finish(bucket: number, n: WholeNumber): string {
    const part = this.#parts[bucket];
    const hasFinish = this.#definition.finish !== undefined;
    const value = hasFinish ? this.#callFinish(part, n) : part;
    const text = toText(value);
    if (text !== undefined) return text;
    throw plugInGave(this.#nameStep(hasFinish ? 'finish' : 'add'), n, value, 'JSON data');
  }

  #callFinish(part: unknown, n: WholeNumber): unknown {
    try {
      return this.#definition.finish?.(part);
    } catch (error) {
      throw plugInThrew(this.#nameStep('finish'), n, error);
    }
  }

  #nameStep(step: string): string {
    return `${step} of the aggregate ${this.#name}`;
  }
}

/** Undefined also where `value` contains itself. */
function toText(value: unknown): string | undefined {
  try {
    return toJsonText(value);
  } catch {
    return undefined;
  }
}

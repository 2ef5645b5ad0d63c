import { AGGREGATE_NAMES } from '../../aggregates/open-aggregate.js';
import { plugInUnfit } from '../../errors.js';
import type { SignatureDefinition } from './definition.js';

const MAX_LINE_CHARS = 100;
const CLOSED_FORM_FUNCTIONS = [
  'tally',
  'rank',
  'select',
  'tallyWithin',
  'firstMembers',
  'bucketSizes',
  'lastMembers',
  'measureJobKeys',
];

/** What `--aggregate` knows by itself. */
const TAKEN: readonly string[] = AGGREGATE_NAMES;

type Fields = Readonly<Record<string, unknown>>;
type Refuse = (what: string) => never;

/** The definition that the module `namespace` at `path` exports. Throws a USAGE error that names what is unfit in it. */
export function checkDefinition(path: string, namespace: unknown): SignatureDefinition {
  const refuse: Refuse = (what) => {
    throw plugInUnfit(path, what);
  };
  const definition = requireFields(findDefault(namespace), refuse);
  checkFunctions(definition, refuse);
  checkLine(definition, 'name', refuse);
  checkLine(definition, 'version', refuse);
  checkDomain(definition, refuse);
  checkOptions(definition['options'], refuse);
  checkAggregates(definition['aggregates'], refuse);
  checkClosedForm(definition['closedForm'], refuse);
  return definition as unknown as SignatureDefinition;
}

/** CommonJS exports are the default themselves; what was compiled to CommonJS has the default in them. */
function findDefault(namespace: unknown): unknown {
  const exported = namespace as Fields;
  const found = 'default' in exported ? exported['default'] : undefined;
  if (isFields(found) && found['__esModule'] === true && 'default' in found) return found['default'];
  const isCommonJs = found === undefined && typeof exported['keyOf'] === 'function' && 'name' in exported;
  return isCommonJs ? exported : found;
}

function requireFields(value: unknown, refuse: Refuse): Fields {
  if (value === undefined)
    return refuse('has no default export: end it with export default defineSignature({ … })');
  if (isFields(value)) return value;
  return refuse(`exports ${nameKind(value)} as default: expected what defineSignature({ … }) returns`);
}

function checkFunctions(definition: Fields, refuse: Refuse): void {
  const { keyOf } = definition;
  if (typeof keyOf !== 'function')
    refuse(
      `has ${keyOf === undefined ? 'no keyOf' : `${nameKind(keyOf)} as keyOf`}: expected a function from number to key`,
    );
  for (const name of ['setup', 'valueOf']) {
    const value = definition[name];
    if (value !== undefined && typeof value !== 'function')
      refuse(`has ${nameKind(value)} as ${name}: expected a function`);
  }
  for (const name of ['keyOf', 'valueOf']) {
    if (/^(?:Async|Generator)/.test((definition[name] as object | undefined)?.constructor.name ?? ''))
      refuse(
        `has an async function or a generator as ${name}: it is called for every number and must return at once; load data in setup`,
      );
  }
}

function checkLine(definition: Fields, name: string, refuse: Refuse): void {
  const text = definition[name];
  const expected = `expected one line of 1 to ${MAX_LINE_CHARS} characters, such as ${name === 'name' ? '"digit-root"' : '"1"'}`;
  if (text === undefined) refuse(`has no ${name}: ${expected}`);
  if (typeof text !== 'string') refuse(`has ${nameKind(text)} as ${name}: ${expected}`);
  else if (text.trim() !== text || text === '' || text.length > MAX_LINE_CHARS || /\p{C}/u.test(text))
    refuse(`has an unfit ${name}, ${JSON.stringify(text.slice(0, MAX_LINE_CHARS))}: ${expected}`);
}

function checkDomain(definition: Fields, refuse: Refuse): void {
  const { start, end } = definition;
  for (const [name, value] of Object.entries({ start, end })) {
    if (value !== undefined && !isWhole(value))
      refuse(
        `has ${nameKind(value)} as ${name}: expected a whole number from 0 on, above 2^53 - 1 a bigint such as 10n`,
      );
  }
  if (end !== undefined && BigInt(end as number | bigint) <= BigInt((start ?? 0) as number | bigint))
    refuse(
      `ends at ${nameKind(end)}, not above its start ${nameKind(start ?? 0)}: the end is the first number without a signature`,
    );
}

function checkOptions(options: unknown, refuse: Refuse): void {
  if (options === undefined) return;
  if (!isFields(options) || typeof options['safeParse'] !== 'function')
    refuse(`has ${nameKind(options)} as options: expected a zod schema, such as z.object({ … })`);
}

function checkAggregates(aggregates: unknown, refuse: Refuse): void {
  if (aggregates === undefined) return;
  if (!isFields(aggregates))
    return refuse(`has ${nameKind(aggregates)} as aggregates: expected an object of aggregates by name`);
  for (const [name, aggregate] of Object.entries(aggregates)) {
    if (TAKEN.includes(name)) refuse(`has an aggregate "${name}", which is built in: give it another name`);
    if (!/^[A-Za-z][\w-]{0,63}$/.test(name))
      refuse(`has an aggregate ${JSON.stringify(name)}: expected a name of letters, digits, "-" and "_"`);
    const fields = isFields(aggregate) ? aggregate : {};
    for (const part of ['init', 'add', 'merge']) {
      if (typeof fields[part] !== 'function') refuse(`has an aggregate "${name}" without a function ${part}`);
    }
    if (fields['finish'] !== undefined && typeof fields['finish'] !== 'function')
      refuse(`has an aggregate "${name}" with ${nameKind(fields['finish'])} as finish: expected a function`);
  }
}

function checkClosedForm(closedForm: unknown, refuse: Refuse): void {
  if (closedForm === undefined) return;
  const fields = isFields(closedForm) ? closedForm : {};
  const missing = CLOSED_FORM_FUNCTIONS.filter((name) => typeof fields[name] !== 'function');
  if (missing.length > 0)
    refuse(`has a closedForm without the function ${missing.join(', ')}: offer all of them or no closedForm`);
  const { sumsWithin } = fields;
  if (sumsWithin !== undefined && typeof sumsWithin !== 'function')
    refuse(`has a closedForm with ${nameKind(sumsWithin)} as sumsWithin: expected a function`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isWhole(value: unknown): value is number | bigint {
  return typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What `value` is, in words that fit behind "has", "exports" or "returned": numbers themselves, else the kind. */
export function nameKind(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Promise) return 'a promise';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

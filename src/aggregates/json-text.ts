/**
 * `value` as JSON text without spaces, bigints in full digits. Undefined where it is not plain data: text, finite
 * numbers, bigints, booleans, null, and arrays and plain objects of them.
 */
export function toJsonText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : undefined;
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : toCompoundText(value);
    default:
      return undefined;
  }
}

function toCompoundText(value: object): string | undefined {
  if (Array.isArray(value)) {
    const items = Array.from(value as unknown[], toJsonText);
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = toJsonText(member);
    if (text === undefined) return undefined;
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

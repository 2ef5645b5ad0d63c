import type { Key } from './definition.js';

/** The text of a key as tables show it, null for a number that is left out; `undefined` for what is no key. */
export function toKeyText(key: Key): string | null | undefined {
  const raw: unknown = key;
  if (typeof raw === 'string' || raw === null) return raw;
  return typeof raw === 'number' && Number.isFinite(raw) ? String(raw) : undefined;
}

import { matchesGlob } from './globs.ts';
import { type Dimension, FACTS, type Filter } from './spend.ts';
import { tagKey } from './tags.ts';

/** A dimension by its name: a fact of every call, or else a tag under its usual spelling. */
export function dimensionNamed(name: string): Dimension {
  const plain = name.trim();
  const fact = FACTS.find((known) => known === plain.toLowerCase().replaceAll('-', '_'));
  return fact === undefined ? { kind: 'tag', name: tagKey(plain) } : { kind: 'fact', name: fact };
}

/** A condition such as `team=search`, `model!=gpt-*` or `feature=`; `undefined` when the text is none. */
export function parseFilter(text: string): Filter | undefined {
  const match = /^([^=!]+)(!?=)(.*)$/s.exec(text);
  if (match === null || text.includes('\0')) return undefined;
  const [, key = '', operator, pattern = ''] = match;
  return { dimension: dimensionNamed(key), negated: operator === '!=', pattern };
}

/** Whether a value fits a condition; null is a call without one. */
export function fitsFilter({ pattern, negated }: Filter, value: string | null): boolean {
  const fits = pattern === '' ? value === null : value !== null && matchesGlob(pattern, value);
  return fits !== negated;
}

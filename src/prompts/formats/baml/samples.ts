import type { Sample } from '../../prompt.ts';
import type { GivenValue, Value } from '../../rendering/values.ts';
import { entriesOf, itemsOf } from './clients.ts';
import type { BamlValue } from './value-grammar.ts';
import type { Found } from './project.ts';

/** The tests of a function, as values for its parameters. */
export function samplesFor(name: string, found: readonly Found[]): readonly Sample[] {
  return found.flatMap(({ declaration, file }): readonly Sample[] => {
    if (declaration.kind !== 'test') return [];
    const functions = itemsOf(declaration.body.get('functions'));
    if (!functions.some((item) => 'value' in item && item.value === name)) return [];
    const values = new Map<string, GivenValue>();
    for (const [parameter, value] of entriesOf(declaration.body.get('args')))
      values.set(parameter, { value: valueOf(value), origin: { file, line: value.line } });
    return [{ name: declaration.name, values }];
  });
}

/** A value as templates see it. A medium (`{file "a.png"}`, `{url "…"}`, `{base64 "…"}`) is its name. */
function valueOf(value: BamlValue): Value {
  switch (value.kind) {
    case 'text':
      return value.value;
    case 'word':
      return wordOf(value.value);
    case 'list':
      return value.items.map(valueOf);
    case 'map':
      return (
        mediumIn(value.entries) ??
        new Map([...value.entries].map(([key, item]) => [key, valueOf(item)]))
      );
  }
}

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function wordOf(word: string): Value {
  const known = WORDS.get(word);
  if (known !== undefined) return known;
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(word) ? Number(word) : word;
}

function mediumIn(entries: ReadonlyMap<string, BamlValue>): string | undefined {
  const text = (key: string): string | undefined => {
    const value = entries.get(key);
    return value?.kind === 'text' ? value.value : undefined;
  };
  const base64 = text('base64');
  if (base64 !== undefined) return `data:${text('media_type') ?? 'image/png'};base64,${base64}`;
  const known = [...entries.keys()].every(
    (key) => key === 'url' || key === 'file' || key === 'media_type',
  );
  return known ? (text('url') ?? text('file')) : undefined;
}

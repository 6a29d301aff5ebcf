import {
  type CacheFacts,
  CONTENT_KINDS,
  type Dated,
  MODEL_FEATURES,
  type ModelFacts,
} from '../domain/model-facts.ts';
import { dateAt } from './card-values.ts';
import type { Entry, Located, TreeReader } from './yaml-tree.ts';

/** The keys of a model entry that say what the model is; its prices have keys of their own. */
export const FACT_KEYS = [
  'context_window',
  'max_output',
  'tokenizer',
  'modalities',
  'features',
  'cache',
  'retires',
] as const;

/** Decodes what a model entry says of the model besides prices. */
export function decodeModelFacts(
  fields: ReadonlyMap<string, Entry>,
  path: string,
  read: TreeReader,
): ModelFacts {
  const at = (name: (typeof FACT_KEYS)[number]): Located | undefined => fields.get(name)?.value;
  const kinds = read.map(at('modalities'), `${path}.modalities`, ['input', 'output']);
  const tokenizer = read.text(at('tokenizer'), `${path}.tokenizer`);
  const retires = dateAt(read, at('retires'), `${path}.retires`);
  return {
    contextWindow: tokensOf(read, at('context_window'), `${path}.context_window`),
    maxOutput: tokensOf(read, at('max_output'), `${path}.max_output`),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    modalities: {
      input: someOf(read, kinds.get('input')?.value, `${path}.modalities.input`, CONTENT_KINDS),
      output: someOf(read, kinds.get('output')?.value, `${path}.modalities.output`, CONTENT_KINDS),
    },
    features: someOf(read, at('features'), `${path}.features`, MODEL_FEATURES),
    cache: cacheFactsOf(read, at('cache'), `${path}.cache`),
    ...(retires === undefined ? {} : { retires: retires.text }),
  };
}

/** How prompt caches of a model or of a whole card work: one statement, or a dated list of them. */
export const cacheFactsOf = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Dated<CacheFacts>[] =>
  datedOf(read, value, path, ['minimum', 'ttls'], (fields) => {
    const minimum = read.count(fields.get('minimum')?.value, `${path}.minimum`);
    const ttls = read.texts(fields.get('ttls')?.value, `${path}.ttls`);
    if (minimum === undefined && ttls.length === 0) return undefined;
    return { ...(minimum === undefined ? {} : { minimum }), ttls };
  });

function tokensOf(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Dated<number>[] {
  if (value?.kind !== 'scalar')
    return datedOf(read, value, path, ['tokens'], (fields) =>
      read.count(fields.get('tokens')?.value, `${path}.tokens`),
    );
  const tokens = read.count(value, path);
  return tokens === undefined ? [] : [{ value: tokens }];
}

/** A map without a date, or a list of maps that each have `from:`, oldest first. */
function datedOf<Value>(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  keys: readonly string[],
  decode: (fields: ReadonlyMap<string, Entry>) => Value | undefined,
): readonly Dated<Value>[] {
  if (value === undefined) return [];
  const isList = value.kind === 'list';
  const found = (isList ? value.items : [value]).flatMap((item): Dated<Value>[] => {
    const fields = read.map(item, path, isList ? ['from', ...keys] : keys);
    const decoded = decode(fields);
    if (decoded === undefined) {
      read.error(
        item.origin,
        `${path}: says nothing; write ${keys.join(' and ')}, or leave it out`,
      );
      return [];
    }
    if (!isList) return [{ value: decoded }];
    const from = dateAt(read, fields.get('from')?.value, `${path}.from`);
    if (from === undefined && fields.get('from') === undefined)
      read.error(item.origin, `${path}: one of a list needs "from:", the day from which it holds`);
    return from === undefined ? [] : [{ from: from.time, fromText: from.text, value: decoded }];
  });
  for (const [index, { from, fromText }] of found.entries())
    if (index > 0 && (from ?? 0) <= (found[index - 1]?.from ?? 0))
      read.error(value.origin, `${path}: dates go oldest first; ${fromText ?? ''} does not`);
  return found;
}

function someOf<Name extends string>(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  known: readonly Name[],
): readonly Name[] {
  return read.texts(value, path).flatMap((name): Name[] => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined && value !== undefined)
      read.error(value.origin, `${path}: expected some of ${known.join(', ')}, found "${name}"`);
    return found === undefined ? [] : [found];
  });
}

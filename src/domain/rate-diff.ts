import { type Decimal, decimalText } from './money.ts';
import { EVERY_CALL, type PriceLine, priceLines } from './price-lines.ts';
import { rowAt } from './price-row.ts';
import type { Alias, ModelCard, RateCard } from './rate-card.ts';
import type { UnitPrice } from './unit-price.ts';
import { utcText } from './utc-time.ts';

/** One thing that two sets of cards say differently. */
export interface RateChange {
  readonly kind: 'new model' | 'gone model' | 'price' | 'name' | 'fee' | 'terms';
  readonly provider: string;
  /** The model of the second set, or of the first where the second has none; absent for a whole card. */
  readonly model?: string;
  /** First day of the difference as a card writes it, and the day on which it ends again. */
  readonly from?: string;
  readonly until?: string;
  /** Which calls, and which meter of them. */
  readonly applies?: string;
  readonly meter?: string;
  readonly before?: UnitPrice;
  readonly after?: UnitPrice;
  /** For names and terms: what changed, in words. */
  readonly what?: string;
}

/** What two sets of cards say differently of the providers that both have. */
export interface RateDiff {
  readonly changes: readonly RateChange[];
  /** Providers with a card in both sets: only these are compared. */
  readonly compared: readonly string[];
  /** Providers with a card in one set only, and how many models it has. */
  readonly onlyBefore: readonly OneSided[];
  readonly onlyAfter: readonly OneSided[];
}

interface OneSided {
  readonly provider: string;
  readonly models: number;
}

type Cards = ReadonlyMap<string, RateCard>;

/** Compares two sets of cards, model by model and day by day. */
export function diffCards(before: Cards, after: Cards): RateDiff {
  const compared = [...before.keys()].filter((provider) => after.has(provider)).sort();
  return {
    changes: compared.flatMap((provider) => {
      const [one, other] = [before.get(provider), after.get(provider)];
      return one === undefined || other === undefined ? [] : [...cardChanges(one, other)];
    }),
    compared,
    onlyBefore: oneSided(before, after),
    onlyAfter: oneSided(after, before),
  };
}

const oneSided = (cards: Cards, others: Cards): readonly OneSided[] =>
  [...cards.values()]
    .filter(({ provider }) => !others.has(provider))
    .map(({ provider, models }) => ({ provider, models: models.length }))
    .sort((a, b) => (a.provider < b.provider ? -1 : 1));

function* cardChanges(before: RateCard, after: RateCard): Generator<RateChange> {
  const { provider } = after;
  const [were, are] = [byName(before), byName(after)];
  const paired = new Set<ModelCard>();
  const found: (readonly [string, readonly RateChange[]])[] = [];
  for (const is of after.models) {
    const was = formerly(is, were, are);
    if (was !== undefined) paired.add(was);
    const changes =
      was === undefined ? [...whole('new model', provider, is)] : priceChanges(was, is);
    found.push([is.id, changes.map((change) => ({ ...change, provider, model: is.id }))]);
  }
  for (const was of before.models)
    if (!paired.has(was)) found.push([was.id, [...whole('gone model', provider, was)]]);
  for (const [, changes] of found.sort(([a], [b]) => (a < b ? -1 : 1))) yield* changes;
  yield* nameChanges(before, after);
  yield* feeChanges(before, after);
  yield* termChanges(before, after);
}

/** What a model was before: that of its id, or one that is gone and whose id is an alias of this one now. */
const formerly = (
  { id, aliases }: ModelCard,
  were: ReadonlyMap<string, ModelCard>,
  are: ReadonlyMap<string, ModelCard>,
): ModelCard | undefined =>
  were.get(id.toLowerCase()) ??
  aliases
    .map(({ name }) => were.get(name.toLowerCase()))
    .find((was) => was !== undefined && are.get(was.id.toLowerCase())?.id === id);

/** Models by id and alias, lower case: the exact names, without globs; of dated ones the last to hold. */
function byName(card: RateCard): ReadonlyMap<string, ModelCard> {
  const names = new Map<string, ModelCard>();
  for (const model of card.models)
    for (const { name, until } of model.aliases)
      if (until === undefined || !names.has(name.toLowerCase()))
        names.set(name.toLowerCase(), model);
  for (const model of card.models) names.set(model.id.toLowerCase(), model);
  return names;
}

const ALWAYS: Omit<Alias, 'name'> = {};

/** What each name means, in words: `oak-1`, or `oak-1 until 2026-05-01, oak-2 from 2026-05-01`. */
function meaningsOf(card: RateCard): ReadonlyMap<string, string> {
  const meanings = new Map<string, string[]>();
  for (const { id, aliases } of card.models)
    for (const { name, from, until } of [{ name: id, ...ALWAYS }, ...aliases]) {
      const meaning = [
        id,
        ...(from === undefined ? [] : [`from ${utcText(from)}`]),
        ...(until === undefined ? [] : [`until ${utcText(until)}`]),
      ].join(' ');
      const key = name.toLowerCase();
      meanings.set(key, [...(meanings.get(key) ?? []), meaning]);
    }
  return new Map([...meanings].map(([name, all]) => [name, all.sort().join(', ')]));
}

/** A model that only one set has: its latest plain prices. */
function* whole(
  kind: 'new model' | 'gone model',
  provider: string,
  model: ModelCard,
): Generator<RateChange> {
  const row = model.rows.at(-1);
  if (row === undefined) return;
  for (const { applies, meter, price } of priceLines(row))
    if (applies === EVERY_CALL)
      yield {
        kind,
        provider,
        model: model.id,
        from: row.fromText,
        applies,
        meter,
        ...(kind === 'new model' ? { after: price } : { before: price }),
      };
}

type Lines = ReadonlyMap<string, PriceLine>;

function linesAt(model: ModelCard, time: number): Lines {
  const row = rowAt(model.rows, time);
  if (row === undefined || (row.until !== undefined && time >= row.until)) return new Map();
  return new Map([...priceLines(row)].map((line) => [`${line.applies}|${line.meter}`, line]));
}

type Open = { -readonly [Name in keyof RateChange]: RateChange[Name] };

/** Prices in force that differ, each from the first day of the difference until the last. */
function priceChanges(was: ModelCard, is: ModelCard): readonly RateChange[] {
  const found: Open[] = [];
  const open = new Map<string, Open>();
  for (const { time, text } of daysOfChange(was, is)) {
    const [one, other] = [linesAt(was, time), linesAt(is, time)];
    for (const key of new Set([...other.keys(), ...one.keys(), ...open.keys()])) {
      const [before, after] = [one.get(key), other.get(key)];
      const present = open.get(key);
      if (
        present !== undefined &&
        same(present.before, before?.price) &&
        same(present.after, after?.price)
      )
        continue;
      if (present !== undefined) {
        present.until = text;
        open.delete(key);
      }
      const line = after ?? before;
      if (line === undefined || same(before?.price, after?.price)) continue;
      const change: Open = {
        kind: 'price',
        provider: '',
        from: text,
        applies: line.applies,
        meter: line.meter,
        ...(before === undefined ? {} : { before: before.price }),
        ...(after === undefined ? {} : { after: after.price }),
      };
      open.set(key, change);
      found.push(change);
    }
  }
  return found;
}

const same = (one: UnitPrice | undefined, other: UnitPrice | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.amount * BigInt(other.per) === other.amount * BigInt(one.per);

function daysOfChange(
  ...models: readonly ModelCard[]
): readonly { readonly time: number; readonly text: string }[] {
  const days = new Map<number, string>();
  for (const { rows } of models)
    for (const { from, fromText, until } of rows) {
      days.set(from, fromText);
      if (until !== undefined && !days.has(until)) days.set(until, utcText(until));
    }
  return [...days].map(([time, text]) => ({ time, text })).sort((a, b) => a.time - b.time);
}

/** Names that mean another model now, or none, or one for the first time; a model's own id is no news. */
function* nameChanges(before: RateCard, after: RateCard): Generator<RateChange> {
  const [were, are] = [byName(before), byName(after)];
  const [meant, means] = [meaningsOf(before), meaningsOf(after)];
  for (const name of [...new Set([...were.keys(), ...are.keys()])].sort()) {
    const [was, is] = [were.get(name), are.get(name)];
    // With its model, a name comes and goes; that is told by the model.
    const told = (model: ModelCard | undefined, others: typeof were): boolean =>
      model !== undefined && !others.has(model.id.toLowerCase());
    if (meant.get(name)?.toLowerCase() === means.get(name)?.toLowerCase()) continue;
    if ((was === undefined && told(is, were)) || (is === undefined && told(was, are))) continue;
    const model = (is ?? was)?.id;
    yield {
      kind: 'name',
      provider: after.provider,
      ...(model === undefined ? {} : { model }),
      what: `"${name}" meant ${meant.get(name) ?? 'no model'}, means ${means.get(name) ?? 'no model'}`,
    };
  }
}

function* feeChanges(before: RateCard, after: RateCard): Generator<RateChange> {
  for (const name of [...new Set([...before.fees.keys(), ...after.fees.keys()])].sort()) {
    const [were, are] = [before.fees.get(name) ?? [], after.fees.get(name) ?? []];
    const days = new Map([...were, ...are].map(({ from, fromText }) => [from, fromText]));
    let last: string | undefined;
    for (const [time, from] of [...days].sort(([a], [b]) => a - b)) {
      const [was, is] = [were, are].map((rows) => rows.findLast((row) => row.from <= time)?.price);
      const seen = `${was?.amount}|${is?.amount}`;
      if (!same(was, is) && seen !== last)
        yield {
          kind: 'fee',
          provider: after.provider,
          from,
          applies: EVERY_CALL,
          meter: name,
          ...(was === undefined ? {} : { before: was }),
          ...(is === undefined ? {} : { after: is }),
        };
      last = seen;
    }
  }
}

/** What a card says for all of its models: tiers by multiplier, surcharges, sizes of prompts. */
function* termChanges(before: RateCard, after: RateCard): Generator<RateChange> {
  const [were, are] = [termsOf(before), termsOf(after)];
  for (const name of [...new Set([...were.keys(), ...are.keys()])].sort()) {
    const [was, is] = [were.get(name) ?? 'nothing', are.get(name) ?? 'nothing'];
    if (was !== is)
      yield { kind: 'terms', provider: after.provider, what: `${name}: was ${was}, is ${is}` };
  }
}

function termsOf(card: RateCard): ReadonlyMap<string, string> {
  const factor = ({ digits, scale }: Decimal): string => `x${decimalText(digits, scale)}`;
  const terms = new Map<string, string>();
  for (const [name, { multiply, ...tier }] of card.serviceTiers)
    terms.set(
      `service tier ${name}`,
      `${multiply === undefined ? 'published prices only' : factor(multiply)} ${JSON.stringify(tier)}`,
    );
  for (const [name, { multiply, ...surcharge }] of card.surcharges)
    terms.set(`surcharge ${name}`, `${factor(multiply)} ${JSON.stringify(surcharge)}`);
  terms.set('prompt_size', card.promptSize.join(', ') || 'all input');
  terms.set('cache_write_default', card.cacheWriteDefault ?? 'none');
  terms.set('at_text_price', card.atTextPrice.join(', ') || 'none');
  return terms;
}

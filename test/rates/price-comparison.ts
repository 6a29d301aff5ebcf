import type { ModelInfo, Provider } from '@pydantic/genai-prices';
import { type Decimal, decimalText, MONEY_DECIMALS, parseDecimal } from '../../src/domain/money.ts';
import { createRateBook, type Rater } from '../../src/domain/rate-book.ts';
import type { ModelCard, RateCard } from '../../src/domain/rate-card.ts';
import type { UnitPrice } from '../../src/domain/unit-price.ts';
import {
  exactNames,
  OUR_PROVIDERS,
  PUBLISHED,
  QUOTED,
  type Quoted,
  theirDates,
  theirMinutes,
  theirPrices,
  theirTierStarts,
} from './their-prices.ts';

/** What a comparison of all models came to. */
export interface Comparison {
  /** Pairs of a model of ours and one of theirs that share a name. */
  readonly models: number;
  /** Prices laid side by side: a meter at an instant for a size of prompt. */
  readonly prices: number;
  readonly equal: number;
  /** What differs, one line for each model and set of places, sorted. */
  readonly differences: readonly string[];
}

interface Pair {
  readonly card: RateCard;
  readonly ours: ModelCard;
  readonly theirs: ModelInfo;
}

/** Compares every price that both have. */
export function comparePrices(
  cards: ReadonlyMap<string, RateCard>,
  providers: readonly Provider[],
): Comparison {
  const book = createRateBook(cards);
  let [models, prices, equal] = [0, 0, 0];
  const differences: string[] = [];
  for (const pair of pairsOf(cards, providers)) {
    const rater = book.rater({
      provider: pair.card.provider,
      model: pair.ours.id,
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    });
    const found = compareModel(pair, rater);
    if (found.prices > 0) models += 1;
    prices += found.prices;
    equal += found.equal;
    differences.push(...found.differences);
  }
  return { models, prices, equal, differences: differences.sort() };
}

function* pairsOf(
  cards: ReadonlyMap<string, RateCard>,
  providers: readonly Provider[],
): Generator<Pair> {
  for (const { id, models } of providers)
    for (const name of OUR_PROVIDERS[id] ?? []) {
      const card = cards.get(name);
      if (card === undefined) continue;
      const byName = new Map(
        card.models.flatMap((model) =>
          [{ name: model.id }, ...model.aliases].map(
            ({ name }) => [name.toLowerCase(), model] as const,
          ),
        ),
      );
      for (const theirs of models) {
        const meant = exactNames(theirs).flatMap((own) => byName.get(own) ?? []);
        for (const ours of new Set(meant)) yield { card, ours, theirs };
      }
    }
}

/** Where prices were compared: the instant and the size of the prompt. */
interface Place {
  readonly time: number;
  readonly promptTokens: number;
}

function compareModel(pair: Pair, rater: Rater): Omit<Comparison, 'models'> {
  let [prices, equal] = [0, 0];
  const compared = new Map<string, Place[]>();
  const differing = new Map<string, Place[]>();
  for (const place of placesOf(pair)) {
    const prompt = { input: place.promptTokens, cache_read: 0, cache_write: 0 };
    const rating = rater(place.time, prompt);
    if (rating.kind === 'unrated') continue;
    for (const [key, number] of theirPrices(pair.theirs, place.time, place.promptTokens)) {
      const quoted = QUOTED[key];
      if (quoted === undefined) throw new Error(`no meter is known for their ${key}`);
      const ours = rating.rate.prices.get(quoted.meter);
      prices += 1;
      append(compared, quoted.meter, place);
      if (ours !== undefined && isEqual(ours, quoted.units, decimalOf(number))) equal += 1;
      else append(differing, differenceText(quoted, ours, number), place);
    }
  }
  return { prices, equal, differences: linesOf(pair, differing, compared) };
}

function append(lists: Map<string, Place[]>, key: string, place: Place): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}

/** `input 2 (theirs 10)`; the meter comes first. */
const differenceText = ({ meter, units }: Quoted, ours: UnitPrice | undefined, theirs: number) =>
  `${meter} ${ours === undefined ? 'none' : asQuoted(ours, units)} (theirs ${theirs})`;

/** Meters that differ at the same places stand in one line; places are left out where a meter always differs. */
function linesOf(
  { card, ours, theirs }: Pair,
  differing: ReadonlyMap<string, readonly Place[]>,
  compared: ReadonlyMap<string, readonly Place[]>,
): readonly string[] {
  const textsAt = new Map<string, string[]>();
  for (const [text, places] of differing) {
    const meter = text.slice(0, text.indexOf(' '));
    const always = places.length === compared.get(meter)?.length;
    const where = always ? '' : ` [${places.map(placeText).join(', ')}]`;
    textsAt.set(where, [...(textsAt.get(where) ?? []), text.replace(/^fee:/, '')]);
  }
  const other = theirs.id === ours.id ? '' : ` (their ${theirs.id})`;
  return [...textsAt].map(
    ([where, texts]) => `${card.provider}/${ours.id}${other}${where}: ${texts.join(', ')}`,
  );
}

/** The number as its shortest decimal text, so that noise of floats would show. */
function decimalOf(number: number): Decimal {
  const decimal = parseDecimal(String(number));
  if (decimal === undefined) throw new Error(`no decimal: ${number}`);
  return decimal;
}

const ATTO = 10n ** BigInt(MONEY_DECIMALS);

/** Whether so many units of ours cost what they say; cross-multiplied, so that nothing is rounded. */
const isEqual = ({ amount, per }: UnitPrice, units: bigint, { digits, scale }: Decimal): boolean =>
  amount * units * 10n ** BigInt(scale) === digits * ATTO * BigInt(per);

const asQuoted = ({ amount, per }: UnitPrice, units: bigint): string =>
  decimalText((amount * units) / BigInt(per), MONEY_DECIMALS);

const placeText = ({ time, promptTokens }: Place): string => {
  const iso = new Date(time).toISOString();
  const when = iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 16)}Z`;
  return promptTokens === SHORT ? when : `${when} prompt ${promptTokens}`;
};

const DAY = 86_400_000;
const MINUTE = 60_000;

function placesOf(pair: Pair): readonly Place[] {
  const prompts = promptsOf(pair);
  return instantsOf(pair).flatMap((time) =>
    prompts.map((promptTokens) => ({ time, promptTokens })),
  );
}

/** The first instant of every period in which neither side changes; more where prices depend on the hour. */
function instantsOf({ card, ours, theirs }: Pair): readonly number[] {
  const rows = ours.rows.flatMap(({ from, until }) =>
    until === undefined ? [from] : [from, until],
  );
  const fees = [...card.fees.values()].flat().map(({ from }) => from);
  const first = ours.rows[0]?.from ?? PUBLISHED;
  const begins = [...new Set([...rows, ...fees, ...theirDates(theirs)])]
    .filter((time) => time >= first && time <= PUBLISHED)
    .sort((a, b) => a - b);
  const hours = ours.rows.flatMap((row) => row.hours);
  const minutes = [
    ...theirMinutes(theirs),
    ...hours.flatMap(({ windows }) => windows.flatMap(({ start, end }) => [start, end % 1440])),
  ];
  if (minutes.length === 0) return begins;
  const byWeekday = hours.some(({ days }) => days.length > 0);
  return begins.flatMap((begin, index) => {
    const end = begins[index + 1] ?? PUBLISHED;
    const days = byWeekday ? [dayFrom(begin, 3), dayFrom(begin, 6)] : [dayFrom(begin)];
    const times = days.flatMap((day) => minutes.map((minute) => day + minute * MINUTE));
    return [...new Set([begin, ...times.filter((time) => time < end)])].sort((a, b) => a - b);
  });
}

/** Midnight of the first day, or of the first such day of the week, at or after an instant. */
function dayFrom(time: number, weekday?: number): number {
  const midnight = Math.ceil(time / DAY) * DAY;
  if (weekday === undefined) return midnight;
  return midnight + ((weekday - new Date(midnight).getUTCDay() + 7) % 7) * DAY;
}

/** A prompt below every tier. */
const SHORT = 1000;

/** Prompts on both sides of every tier of either. */
function promptsOf({ ours, theirs }: Pair): readonly number[] {
  const own = ours.rows.flatMap(({ tiers }) =>
    tiers.flatMap(({ bound, tokens }) =>
      bound === 'above' ? [tokens, tokens + 1] : [tokens - 1, tokens],
    ),
  );
  const other = theirTierStarts(theirs).flatMap((start) => [start, start + 1]);
  return [...new Set([SHORT, ...own, ...other])].sort((a, b) => a - b);
}

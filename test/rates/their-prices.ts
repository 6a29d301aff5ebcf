import {
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice,
  type Provider,
  waitForUpdate,
} from '@pydantic/genai-prices';
import { feeMeter, type Meter } from '../../src/domain/meters.ts';
import { parseUtcTime } from '../../src/domain/utc-time.ts';

/** The day on which the compared version was published: of prices that began later it knows nothing. */
export const PUBLISHED = Date.parse('2026-09-23T10:11:04Z');

/** Our cards by their provider. `google` has Gemini on both of Google's doors. */
export const OUR_PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['anthropic'],
  aws: ['bedrock'],
  azure: ['azure'],
  cerebras: ['cerebras'],
  cohere: ['cohere'],
  deepseek: ['deepseek'],
  fireworks: ['fireworks'],
  google: ['google', 'vertex'],
  groq: ['groq'],
  minimax: ['minimax'],
  mistral: ['mistral'],
  moonshotai: ['moonshot'],
  openai: ['openai'],
  openrouter: ['openrouter'],
  perplexity: ['perplexity'],
  together: ['together'],
  voyageai: ['voyage'],
  'x-ai': ['xai'],
  zai: ['zai'],
};

/** Providers of theirs for which we have no card, nor shall (rates/README.md says which there are). */
export const NOT_OURS: readonly string[] = [
  'arcee',
  'avian',
  'baseten',
  'cloudflare',
  'cursor',
  'doubleword',
  'github-copilot',
  'huggingface_cerebras',
  'huggingface_fireworks-ai',
  'huggingface_groq',
  'huggingface_hyperbolic',
  'huggingface_nebius',
  'huggingface_novita',
  'huggingface_nscale',
  'huggingface_ovhcloud',
  'huggingface_publicai',
  'huggingface_sambanova',
  'huggingface_together',
  'modal',
  'novita',
  'ovhcloud',
  'quicksilverpro',
  'typesafe',
  'zhipuai',
];

/** What one of their price keys prices: our meter, and how many of its units the number is for. */
export interface Quoted {
  readonly meter: Meter;
  readonly units: bigint;
}

const tokens = (meter: Meter): Quoted => ({ meter, units: 1_000_000n });
const thousand = (fee: string): Quoted => ({ meter: feeMeter(fee), units: 1_000n });
const audioHour: Quoted = { meter: feeMeter('audio_milliseconds'), units: 3_600_000n };

/** Their price keys as our meters. */
export const QUOTED: Readonly<Record<string, Quoted>> = {
  input_mtok: tokens('input'),
  output_mtok: tokens('output'),
  cache_read_mtok: tokens('cache_read'),
  cache_write_mtok: tokens('cache_write@default'),
  cache_write_1h_mtok: tokens('cache_write@1h'),
  input_audio_mtok: tokens('input_audio'),
  cache_audio_read_mtok: tokens('cache_read_audio'),
  output_audio_mtok: tokens('output_audio'),
  input_image_mtok: tokens('input_image'),
  cache_image_read_mtok: tokens('cache_read_image'),
  output_image_mtok: tokens('output_image'),
  input_video_mtok: tokens('input_video'),
  output_video_mtok: tokens('output_video'),
  output_reasoning_mtok: tokens('reasoning'),
  output_citation_mtok: tokens(feeMeter('citation_token')),
  web_searches_kcount: thousand('web_search'),
  storage_searches_kcount: thousand('file_search'),
  requests_kcount: thousand('request'),
  input_text_messages_kcount: thousand('text_message'),
  input_document_kpages: thousand('page'),
  input_annotated_document_kpages: thousand('annotated_page'),
  audio_hours: audioHour,
  input_audio_hours: audioHour,
};

/** All their providers. Read from the package; nothing is fetched. */
export async function theirProviders(): Promise<readonly Provider[]> {
  const providers = await waitForUpdate();
  if (providers === null) throw new Error('@pydantic/genai-prices has no prices in it');
  return providers;
}

/**
 * Names that mean a model of theirs and no other: its id, and the texts that its rule equals. Never a prefix or a
 * part of a name, with which they price claude-sonnet-5-5 as claude-sonnet-5.
 */
export const exactNames = ({ id, match }: ModelInfo): readonly string[] => [
  ...new Set([id, ...equalTo(match)].map((name) => name.toLowerCase())),
];

function equalTo(match: MatchLogic): readonly string[] {
  if ('equals' in match) return [match.equals];
  return 'or' in match ? match.or.flatMap(equalTo) : [];
}

/** Their prices of a model, as dated and timed as they are; the last that applies counts. */
export const conditionalPrices = ({ prices }: ModelInfo): readonly ConditionalPrice[] =>
  Array.isArray(prices) ? prices : [{ prices }];

/** Instants at which a price of theirs begins. */
export const theirDates = (model: ModelInfo): readonly number[] =>
  conditionalPrices(model).flatMap(({ constraint }) =>
    constraint?.type === 'start_date' ? [instantOf(constraint.start_date)] : [],
  );

/** Minutes of the day at which hours of theirs begin or end. */
export const theirMinutes = (model: ModelInfo): readonly number[] =>
  conditionalPrices(model).flatMap(({ constraint }) =>
    constraint?.type === 'time_of_date'
      ? [minuteOf(constraint.start_time), minuteOf(constraint.end_time)]
      : [],
  );

/** Prompts after which another tier of theirs begins: theirs start above, never at the number. */
export const theirTierStarts = (model: ModelInfo): readonly number[] =>
  conditionalPrices(model).flatMap(({ prices }) =>
    Object.values(prices).flatMap((price) =>
      typeof price === 'object' ? price.tiers.map(({ start }) => start) : [],
    ),
  );

/** What they ask at an instant for a prompt of a size, by price key. */
export function theirPrices(
  model: ModelInfo,
  time: number,
  promptTokens: number,
): ReadonlyMap<string, number> {
  const all = conditionalPrices(model);
  const current = all.findLast((one) => applies(one, time)) ?? all[0];
  return new Map(
    Object.entries(current?.prices ?? {}).flatMap(([key, price]): [string, number][] =>
      price === undefined ? [] : [[key, priceFor(price, promptTokens)]],
    ),
  );
}

function applies({ constraint }: ConditionalPrice, time: number): boolean {
  if (constraint === undefined) return true;
  if (constraint.type === 'start_date') return time >= instantOf(constraint.start_date);
  const minute = (time % 86_400_000) / 60_000;
  const [start, end] = [minuteOf(constraint.start_time), minuteOf(constraint.end_time)];
  return end < start ? minute >= start || minute < end : minute >= start && minute < end;
}

const priceFor = (price: NonNullable<ModelPrice[string]>, promptTokens: number): number =>
  typeof price === 'number'
    ? price
    : ([...price.tiers]
        .sort((a, b) => a.start - b.start)
        .findLast(({ start }) => promptTokens > start)?.price ?? price.base);

function instantOf(day: string): number {
  const time = parseUtcTime(day);
  if (time === undefined) throw new Error(`no day: ${day}`);
  return time;
}

function minuteOf(text: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d):00Z$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) throw new Error(`no time of day: ${text}`);
  return Number(hours) * 60 + Number(minutes);
}

import { type CacheFacts, factAt } from '../../domain/model-facts.ts';
import { cacheWriteMeter } from '../../domain/meters.ts';
import { meaningAt } from '../../domain/model-lookup.ts';
import type { Prices } from '../../domain/rate-card.ts';
import type { CalledSku } from '../../domain/replay-question.ts';
import { UserError } from '../../errors.ts';
import type { LeverWorld } from './lever.ts';

/** A time to live as cards and logs write it. */
export interface TimeToLive {
  /** `5m`, `1h`. */
  readonly name: string;
  readonly milliseconds: number;
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `90s`, `5m`, `1h` or `7d`; `undefined` when the text is none of them. */
export function timeToLive(text: string): TimeToLive | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  return milliseconds > 0 ? { name: text, milliseconds } : undefined;
}

/** The time to live that a flag asks for; `undefined` where it was not given. Throws UserError. */
export function ttlAsked(text: string | undefined): TimeToLive | undefined {
  if (text === undefined) return undefined;
  const ttl = timeToLive(text);
  if (ttl !== undefined) return ttl;
  throw new UserError(`--ttl: expected a time like 5m, 1h or 7d, found "${text}"`);
}

/** How the card of a called model says that its prompt cache works at an instant; `undefined` where it says nothing. */
export function cacheOfModel(
  { provider, model }: CalledSku,
  time: number | undefined,
  { resolve }: LeverWorld,
): CacheFacts | undefined {
  const found = resolve(provider, model);
  if (found.kind === 'unknown') return undefined;
  const at = time ?? Number.POSITIVE_INFINITY;
  const { model: entry } = meaningAt(found.meanings, at) ?? {};
  return factAt(entry?.cache ?? [], at) ?? factAt(found.card.cache, at);
}

/** What prices call a write that stays so long; `undefined` where writing has no price of its own and is fresh input. */
export const pricedWrite = (prices: Prices, ttl: string): string | undefined =>
  [ttl, 'default'].find((name) => prices.has(cacheWriteMeter(name)));

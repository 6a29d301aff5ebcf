import { createHash } from 'node:crypto';
import type { RateCard } from '../domain/rate-card.ts';
import type { CompiledFiles } from './compiled-files.ts';
import { decoderDigest } from './decoder-digest.ts';
import { exactText, fromExactText } from './exact-text.ts';

/** The text of a card and the path under which messages show it; both go into what is compiled. */
export interface CardText {
  readonly shown: string;
  readonly text: string;
}

/** Decodes and checks a card. Throws when it has an error, so that what it returns is sound. */
export type CompileCard = (card: CardText) => RateCard;

/** A card without error, and the time at which that was found. */
interface Sound {
  /** A price that begins later may be an error then and none today, never the other way round. */
  readonly since: number;
  readonly card: RateCard;
}

/** Most cards that one process remembers; the first ones go first. */
const MOST_REMEMBERED = 128;
const remembered = new Map<string, Sound>();

/**
 * The card of a text: from this process's memory, from what an earlier run compiled, or compiled now and kept
 * for the next. All three are equal. Throws what `compile` throws; such a card is never kept.
 */
export function compiledCard(
  source: CardText,
  now: number,
  {
    compile,
    compiled,
  }: { readonly compile: CompileCard; readonly compiled: CompiledFiles | undefined },
): RateCard {
  const key = keyOf(source);
  const known = remembered.get(key);
  if (known !== undefined && known.since <= now) return known.card;
  const kept = soundCard(compiled?.read(key));
  if (kept !== undefined && kept.since <= now) return remember(key, kept);
  const fresh = { since: now, card: compile(source) };
  const text = keepable(fresh);
  if (text !== undefined) compiled?.keep(key, text);
  return remember(key, fresh);
}

const keyOf = ({ shown, text }: CardText): string =>
  createHash('sha256').update(`${decoderDigest()}\0${shown}\0${text}`).digest('hex').slice(0, 40);

/** A card as text; `undefined` for one that would not come back equal, which is then compiled every time. */
function keepable(sound: Sound): string | undefined {
  try {
    return exactText(sound);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function remember(key: string, sound: Sound): RateCard {
  remembered.delete(key);
  for (const first of remembered.keys())
    if (remembered.size >= MOST_REMEMBERED) remembered.delete(first);
  remembered.set(key, sound);
  return sound.card;
}

/** What a kept text holds; `undefined` unless it looks like a card. */
function soundCard(text: string | undefined): Sound | undefined {
  if (text === undefined) return undefined;
  try {
    const found = fromExactText(text);
    return isSound(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

// The digests in the key and in the file's head speak for the rest.
function isSound(value: unknown): value is Sound {
  const { since, card } = (value ?? {}) as Partial<Sound>;
  if (typeof since !== 'number' || typeof card !== 'object' || card === null) return false;
  const { file, provider, asOf, models, sources, serviceTiers, surcharges, fees } = card;
  return (
    [file, provider, asOf].every((text) => typeof text === 'string') &&
    [sources, serviceTiers, surcharges, fees].every((map) => map instanceof Map) &&
    Array.isArray(models) &&
    models.every(
      ({ id, aliases, rows }) => id !== '' && Array.isArray(aliases) && Array.isArray(rows),
    )
  );
}

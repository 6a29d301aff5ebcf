import { type BigMap, openBigMap } from './big-map.ts';
import { type SummedCalls, sumCalls, type WholeSum, wholeSum } from './call-sums.ts';
import { openPrefixMemory, type PrefixMemory } from './prefix-blocks.ts';
import type { CallKind, OrderedCall } from './ordered-call.ts';
import { growth, type Turn } from './session-growth.ts';
import { promptOf } from './shortened-call.ts';

/** How a model's prompt cache would work for calls of a kind. */
export interface CacheRules {
  /** Milliseconds that what was used stays. */
  readonly ttl: number;
  /** Prompts and shared beginnings with fewer tokens are not cached; 0 where the card does not say. */
  readonly minimum: number;
  /** Past the minimum only whole steps of so many tokens are read; 1 where every token may be. */
  readonly step: number;
  /** Whether what is written has a price of its own; otherwise it is fresh input. */
  readonly pricedWrites: boolean;
}

/** What is known of what a prompt begins with: hashes of its blocks, or the conversation it belongs to. */
export type Beginning =
  | { readonly kind: 'blocks'; readonly blocks: readonly string[]; readonly blockTokens: number }
  | { readonly kind: 'conversation'; readonly name: string; readonly time: number };

/** How the calls of a sum would be cached. */
export type Fate = 'cached' | 'already' | 'short';

/** Calls of one kind and fate, with the tokens that a cache would have read and written for them. */
export interface ReusedCalls {
  readonly calls: SummedCalls;
  readonly fate: Fate;
  /** Tokens of their prompts that are read: where a prompt has to be long enough for the answer before it, and where not. */
  readonly readLow: WholeSum;
  readonly read: WholeSum;
  /** Tokens written where each prompt is kept to its end, under each of these readings. */
  readonly writtenLow: WholeSum;
  readonly written: WholeSum;
  /** Of what these calls write, what is read again in time. */
  readonly readAgain: WholeSum;
}

/** Tokens of prompts whose beginning is known, and how many of them had been sent before: ever, within an hour, within five minutes. */
export interface SeenBefore {
  readonly requests: bigint;
  readonly prompt: bigint;
  readonly ever: bigint;
  readonly hour: bigint;
  readonly fiveMinutes: bigint;
}

/** Follows calls in their order and adds up what of their prompts a cache would have held. */
export interface PrefixReuse {
  readonly follow: (call: OrderedCall, beginning: Beginning, rules: CacheRules) => void;
  readonly sums: () => readonly ReusedCalls[];
  readonly seen: (kind: Beginning['kind']) => SeenBefore;
}

const FIVE_MINUTES = 300_000;
const HOUR = 3_600_000;

interface SentTurn extends Turn {
  readonly wrote: number;
  readonly sender: number;
}

/** How much of a prompt was there. */
interface Found {
  readonly low: number;
  readonly mid: number;
}

/** The cache of one model: what it keeps of prompts that are known by their blocks, and of conversations. */
interface ModelCache {
  memory: PrefixMemory | undefined;
  readonly turns: BigMap<string, SentTurn>;
}

/** Opens the caches of all models, empty. */
export function openPrefixReuse(): PrefixReuse {
  const settling = openSettling();
  const seen = { blocks: seenBefore(), conversation: seenBefore() };
  const byModel = new Map<string, ModelCache>();
  const byKind = new Map<CallKind, ModelCache>();
  const cacheOf = (kind: CallKind): ModelCache => {
    const known = byKind.get(kind);
    if (known !== undefined) return known;
    const model = `${kind.sku.provider}/${kind.sku.model}`;
    const cache = byModel.get(model) ?? { memory: undefined, turns: openBigMap() };
    byModel.set(model, cache);
    byKind.set(kind, cache);
    return cache;
  };
  return {
    follow(call, beginning, rules) {
      const asked = { call, rules, cache: cacheOf(call.kind), seen: seen[beginning.kind] };
      if (beginning.kind === 'blocks') followBlocks(settling, asked, beginning);
      else followConversation(settling, asked, beginning);
    },
    sums: settling.sums,
    seen: (kind) => seen[kind].total(),
  };
}

interface Followed {
  readonly call: OrderedCall;
  readonly rules: CacheRules;
  readonly cache: ModelCache;
  readonly seen: SeenTally;
}

function followBlocks(
  { settle, credit }: Settling,
  { call, rules, cache, seen }: Followed,
  { blocks, blockTokens }: Extract<Beginning, { readonly kind: 'blocks' }>,
): void {
  cache.memory ??= openPrefixMemory([rules.ttl, Number.POSITIVE_INFINITY, HOUR, FIVE_MINUTES]);
  const asked = { time: call.time, blocks, blockTokens, tokens: promptOf(call) };
  let reads = false;
  const firstRead = cache.memory.send(asked, ([kept = 0, ever = 0, hour = 0, fiveMinutes = 0]) => {
    seen.add(asked.tokens, ever, hour, fiveMinutes);
    const { sender, wrote, read } = settle(call, { low: kept, mid: kept }, rules);
    reads = read > 0;
    return wrote > 0 ? sender : undefined;
  });
  if (reads) for (const [by, tokens] of firstRead) credit(by, tokens);
}

function followConversation(
  { settle, credit }: Settling,
  { call, rules, cache: { turns }, seen }: Followed,
  { name, time }: Extract<Beginning, { readonly kind: 'conversation' }>,
): void {
  const before = turns.get(name);
  const prompt = promptOf(call);
  const answer = call.output - call.reasoning;
  const grown = before === undefined ? undefined : growth(before, { time, prompt });
  const shared = grown?.shared ?? 0;
  const idle = grown?.idle ?? Number.POSITIVE_INFINITY;
  seen.add(prompt, shared, idle <= HOUR ? shared : 0, idle <= FIVE_MINUTES ? shared : 0);
  const mid = idle <= rules.ttl ? shared : 0;
  const found = { low: grown?.holdsAnswer === true ? mid : 0, mid };
  const { sender, wrote, read } = settle(call, found, rules);
  if (before !== undefined && read > 0) credit(before.sender, before.wrote);
  turns.set(name, { time, prompt, answer, wrote, sender });
}

/** Sums of calls by kind and fate, by numbers that name them. */
interface Settling {
  /** Adds a call to its sum: which that is, what the call writes and what it reads. */
  readonly settle: (
    call: OrderedCall,
    found: Found,
    rules: CacheRules,
  ) => { readonly sender: number; readonly wrote: number; readonly read: number };
  /** Tells a sum that so many tokens of what its calls wrote are read again. */
  readonly credit: (sender: number, tokens: number) => void;
  readonly sums: () => readonly ReusedCalls[];
}

function openSettling(): Settling {
  const sums: ReusedCalls[] = [];
  const numbers = new Map<CallKind, Partial<Record<Fate, number>>>();
  const numberOf = (kind: CallKind, fate: Fate): number => {
    const ofKind = numbers.get(kind) ?? {};
    numbers.set(kind, ofKind);
    return (ofKind[fate] ??= sums.push(reusedCalls(kind, fate)) - 1);
  };
  return {
    settle(call, found, { minimum, step, pricedWrites }) {
      const prompt = promptOf(call);
      const kept = (tokens: number): number =>
        tokens >= minimum ? tokens - ((tokens - minimum) % step) : 0;
      const [low, read] = [kept(found.low), kept(found.mid)];
      const caches = call.cacheRead + call.cacheWrite > 0 && call.cacheRead >= read;
      const fate: Fate = prompt < minimum ? 'short' : caches ? 'already' : 'cached';
      const sender = numberOf(call.kind, fate);
      const sum = sums[sender];
      sum?.calls.add(call);
      if (fate !== 'cached') return { sender, wrote: 0, read: 0 };
      const wrote = pricedWrites ? prompt - read : 0;
      const readLow = Math.max(low, call.cacheRead);
      sum?.readLow.add(readLow);
      sum?.writtenLow.add(pricedWrites ? prompt - readLow : 0);
      sum?.read.add(read);
      sum?.written.add(wrote);
      return { sender, wrote, read };
    },
    credit: (sender, tokens) => sums[sender]?.readAgain.add(tokens),
    sums: () => sums,
  };
}

const reusedCalls = (kind: CallKind, fate: Fate): ReusedCalls => ({
  calls: sumCalls(kind),
  fate,
  readLow: wholeSum(),
  read: wholeSum(),
  writtenLow: wholeSum(),
  written: wholeSum(),
  readAgain: wholeSum(),
});

type SeenTally = ReturnType<typeof seenBefore>;

function seenBefore() {
  const [prompt, ever, hour, fiveMinutes] = [wholeSum(), wholeSum(), wholeSum(), wholeSum()];
  let requests = 0n;
  return {
    add(tokens: number, inAll: number, inHour: number, inFive: number) {
      requests += 1n;
      prompt.add(tokens);
      ever.add(inAll);
      hour.add(inHour);
      fiveMinutes.add(inFive);
    },
    total: (): SeenBefore => ({
      requests,
      prompt: prompt.total(),
      ever: ever.total(),
      hour: hour.total(),
      fiveMinutes: fiveMinutes.total(),
    }),
  };
}

import { costOf } from '../../domain/charge.ts';
import type { Fraction } from '../../domain/fraction.ts';
import type { UsageTotals } from '../../domain/meters.ts';
import { openPrefixReuse, type ReusedCalls } from '../../domain/prefix-reuse.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import { ttlAsked } from '../lever-contract/cache-of-model.ts';
import { openKeptCaches } from '../lever-contract/kept-caches.ts';
import { BEGINNING_FACTS, beginningOf } from '../lever-contract/known-beginning.ts';
import type { Assumption, Lever, Reason, Verdict } from '../lever-contract/lever.ts';
import { openOwnClasses } from '../lever-contract/own-classes.ts';
import { realisedLines } from '../lever-contract/realised-caching.ts';
import { seenLines } from '../lever-contract/seen-before.ts';
import { obstacleOfPrompt } from '../lever-contract/single-call.ts';
import { standingOf } from '../lever-contract/standing.ts';

/** Prompts cached from their beginning: what that would save beside what is cached already, and what has been saved. */
const prefixCache: Lever = {
  name: 'prefix-cache',
  summary: 'prompts cached from their beginning; what caching saved so far',
  needs: 'prefix_hashes in the logs, or session or run',
  flags: [
    { flag: '--ttl <time>', description: "time to live, 5m or 1h (default: the model's first)" },
  ],
  examples: [
    'aicost whatif prefix-cache',
    'aicost whatif prefix-cache --ttl 1h --where feature=search',
    'aicost whatif prefix-cache --by model --since 30d',
  ],
  ranking: { touches: 'nothing', tries: () => [{}] },
  async plan(asked, world) {
    const ttl = ttlAsked(asked.value('ttl'));
    let own = openOwnClasses();
    let measured: readonly Assumption[] = [];
    let guessed = false;
    const kept = openKeptCaches(ttl, world, await world.countingRules());
    return {
      title: `prompts were cached from their beginning${ttl === undefined ? '' : ` for ${ttl.name}`}`,
      cuts: [],
      classes(by) {
        own = openOwnClasses();
        const reuse = openPrefixReuse();
        const { span, where, ledger } = world;
        for (const call of ledger.calls({ span, where, by, facts: BEGINNING_FACTS })) {
          const beginning = beginningOf(call);
          const obstacle = obstacleOfPrompt(call);
          // Tokens that repeat are told also where nothing is known of prices.
          if (beginning === undefined) own.leave(call, obstacle ?? BEGINNING_UNKNOWN);
          else if (obstacle === undefined || obstacle.code === 'no-price-now')
            reuse.follow(call, beginning, kept.of(call).rules);
          else own.leave(call, obstacle);
        }
        for (const reused of reuse.sums())
          own.add(reused.calls, (requests) =>
            verdictOn(reused, requests, kept.ofKind(reused.calls.kind)?.write),
          );
        const classes = own.all();
        guessed = reuse.seen('conversation').requests > 0n;
        measured = [...seenLines(reuse), ...realisedLines(classes)];
        return classes;
      },
      judge: (requests) => own.judge(requests),
      assumptions: () => [
        ...(guessed ? [REPEATED] : []),
        WRITTEN,
        ...kept.assumptions(),
        ...measured,
      ],
      caveat:
        'caching does not change answers; providers may drop a prompt before its time to live ends',
    };
  },
};

export default prefixCache;

const BEGINNING_UNKNOWN: Reason = {
  code: 'beginning-unknown',
  message: 'they have no prefix_hashes, session or run, so that what they repeat is not known',
};
const ALREADY: Reason = {
  code: 'already-cached',
  message: 'they read at least as much from a cache already',
};
const SHORT: Reason = {
  code: 'below-minimum',
  message: 'their prompts are shorter than the smallest that is cached',
};
const NO_CACHE_PRICE: Reason = {
  code: 'no-cache-price',
  message: 'their model has no price for reading a cache',
};

const REPEATED: Assumption = {
  name: 'repeated',
  value: 'the prompt before it in its session or run',
  source: 'assumed',
  note: 'without prefix hashes; likely: if it is at least as long, least: if it could also hold the answer between',
};
const WRITTEN: Assumption = {
  name: 'written',
  value: 'each prompt to its end',
  source: 'assumed',
  note: 'most: only what is read again in time',
};

/** What caching makes of summed calls; `write` is the time to live that writes are priced by. */
function verdictOn(
  reused: ReusedCalls,
  requests: RequestClass,
  write: string | undefined,
): Verdict {
  const standing = standingOf(requests);
  if (standing.kind === 'out') return { kind: 'excluded', reason: standing.reason };
  if (reused.fate === 'short') return { kind: 'excluded', reason: SHORT };
  const { prices } = standing.rate;
  if (!prices.has('cache_read')) return { kind: 'excluded', reason: NO_CACHE_PRICE };
  if (reused.fate === 'already') return { kind: 'excluded', reason: ALREADY };
  const cost = (read: bigint, written: bigint): Fraction | undefined => {
    const usage = cachedUsage(requests.usage, { read, written, write });
    const part = costOf(usage, prices, requests.requests);
    return part === undefined ? undefined : { part, over: 1n };
  };
  const read = reused.read.total();
  const low = cost(reused.readLow.total(), reused.writtenLow.total());
  const mid = cost(read, reused.written.total());
  const high = cost(read, reused.readAgain.total());
  if (low === undefined || mid === undefined || high === undefined)
    return { kind: 'excluded', reason: NO_CACHE_PRICE };
  return { kind: 'changed', after: { low, mid, high }, doubts: [] };
}

interface Cached {
  readonly read: bigint;
  readonly written: bigint;
  readonly write: string | undefined;
}

/** The same prompts with so many tokens read from a cache and written to it; the rest is fresh. */
function cachedUsage(usage: UsageTotals, { read, written, write }: Cached): UsageTotals {
  let prompt = usage.input + usage.cacheRead;
  for (const tokens of usage.cacheWrite.values()) prompt += tokens;
  const cacheWrite = new Map(write === undefined || written === 0n ? [] : [[write, written]]);
  return {
    ...usage,
    input: prompt - read - (write === undefined ? 0n : written),
    cacheRead: read,
    cacheWrite,
  };
}

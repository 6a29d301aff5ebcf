import { type Decimal, divideHalfEven } from '../domain/money.ts';
import type { Sourced } from '../domain/number-source.ts';
import type {
  LedgerPlan,
  OutputSize,
  PromptDefaults,
  Turns,
  Written,
} from '../domain/prompt-plan.ts';
import { showOrigin } from '../errors.ts';
import type { Assumptions, MeasuredCase, ModelPrices } from './costed-prompt.ts';
import { cachedTokens } from './cost/cache-outcome.ts';
import type { EstimateFlags, EstimateWorld, MeasuredCalls } from './estimate-request.ts';
import type { AssumedCalls } from './planned-prompt.ts';

/** Days of calls that a ledger is asked for where nobody says. */
const USUAL_SPAN: LedgerPlan = { days: 30 };

/** Tokens of an answer where neither ledger, config nor flag says any. */
const USUAL_OUTPUT: Sourced<OutputSize> = {
  value: { mean: { digits: 300n, scale: 0 } },
  source: 'assumed',
  from: 'nobody says how long answers are',
};

const ONE_TURN: Sourced<Turns> = {
  value: { mean: { digits: 1n, scale: 0 }, growthTokens: 0 },
  source: 'declared',
  from: 'one turn, as no turns: are given',
};

/** All that is known of a prompt's calls. */
export interface KnownCalls {
  readonly id: string;
  readonly assumed: AssumedCalls;
  readonly defaults: PromptDefaults;
  readonly flags: EstimateFlags | undefined;
  readonly callsOf: EstimateWorld['callsOf'];
  /** How long the prompt's file asks the provider to keep what it caches. */
  readonly fileTtl?: { readonly value: string; readonly path: string };
}

/** The numbers that hold for a prompt, each from the best that knows it: a flag, the ledger, its entry, the defaults. */
export function assumptionsOf(
  known: KnownCalls,
  cases: readonly MeasuredCase[],
  prices: ModelPrices | undefined,
): Assumptions {
  const { assumed, defaults, flags } = known;
  const ask = asking(known);
  const volume = ask(assumed.volume?.ledger ?? defaults.callsPerMonth?.ledger);
  const turns = declared(assumed.turns) ?? ONE_TURN;
  const calls =
    flags?.callsPerMonth ??
    measured(volume, ({ callsPerMonth }) => conversations(callsPerMonth, turns.value)) ??
    declared(assumed.volume?.calls) ??
    byDefault(defaults.callsPerMonth?.calls);
  const output = outputOf(known, ask(assumed.output?.ledger ?? defaults.output?.ledger));
  const { cache } = assumed;
  const hits =
    cache?.hitRatio === undefined || cache.hitRatio === 'auto'
      ? hitRatioOf(ask(cache?.ledger), cases, prices)
      : cache.hitRatio === 'off'
        ? undefined
        : declared(cache.hitRatio);
  const ttl = declared(cache?.ttl) ?? ttlOfFile(known);
  return {
    turns,
    output,
    cache: {
      off: cache?.hitRatio === 'off',
      ...(ttl === undefined ? {} : { ttl }),
      ...(hits === undefined ? {} : { hitRatio: hits }),
    },
    ...(calls === undefined ? {} : { callsPerMonth: calls }),
  };
}

const ttlOfFile = ({ fileTtl }: KnownCalls): Sourced<string> | undefined =>
  fileTtl === undefined
    ? undefined
    : { value: fileTtl.value, source: 'declared', from: `cache_control in ${fileTtl.path}` };

/** A ledger counts calls, of which a conversation has as many as turns. */
const conversations = ({ digits, scale }: Decimal, { mean }: Turns): Decimal => ({
  digits: divideHalfEven(
    digits * 1_000_000n * 10n ** BigInt(mean.scale),
    mean.digits * 10n ** BigInt(scale),
  ),
  scale: 6,
});

/** Asks the ledger once for every question that is asked twice. */
function asking({ id, callsOf }: KnownCalls) {
  return (plan: LedgerPlan | 'off' | undefined): MeasuredCalls | undefined =>
    plan === 'off' ? undefined : callsOf?.(plan ?? USUAL_SPAN, id);
}

function outputOf(
  { assumed, defaults, flags }: KnownCalls,
  calls: MeasuredCalls | undefined,
): Sourced<OutputSize> {
  if (flags?.output !== undefined) return flags.output;
  const written = declared(assumed.output?.size) ?? byDefault(defaults.output?.size);
  const known = measured(calls, ({ outputMean, outputP95 }): OutputSize => {
    // A ledger that does not tell how long the longest answers are leaves that to who wrote it down.
    const p95 = outputP95 ?? written?.value.p95;
    return { mean: outputMean, ...(p95 === undefined ? {} : { p95 }) };
  });
  return known ?? written ?? USUAL_OUTPUT;
}

/**
 * The measured share of calls that found the prefix: tokens read against tokens read and written where writes are
 * told, else against what the cache could have kept of every call.
 */
function hitRatioOf(
  calls: MeasuredCalls | undefined,
  cases: readonly MeasuredCase[],
  prices: ModelPrices | undefined,
): Sourced<Decimal> | undefined {
  if (calls === undefined || prices === undefined) return undefined;
  const { cacheReadMean: read, cacheWriteMean: written, from } = calls;
  const kept = BigInt(
    Math.max(0, ...cases.map(({ prefix }) => cachedTokens(prefix.tokens, prices))),
  );
  const scale = 10n ** BigInt(read.scale);
  const whole =
    written.digits > 0n
      ? read.digits + (written.digits * scale) / 10n ** BigInt(written.scale)
      : kept * scale;
  if (whole === 0n) return undefined;
  const millionths = (read.digits * 1_000_000n) / whole;
  const digits = millionths > 1_000_000n ? 1_000_000n : millionths;
  return { value: { digits, scale: 6 }, source: 'measured', from };
}

const measured = <Value>(
  calls: MeasuredCalls | undefined,
  of: (calls: MeasuredCalls) => Value,
): Sourced<Value> | undefined =>
  calls === undefined ? undefined : { value: of(calls), source: 'measured', from: calls.from };

const declared = <Value>(written: Written<Value> | undefined): Sourced<Value> | undefined =>
  written === undefined
    ? undefined
    : { value: written.value, source: 'declared', from: showOrigin(written.origin) };

const byDefault = <Value>(written: Written<Value> | undefined): Sourced<Value> | undefined =>
  written === undefined
    ? undefined
    : { value: written.value, source: 'assumed', from: `defaults, ${showOrigin(written.origin)}` };

import { charge } from './charge.ts';
import { type Contract, negotiate, termName } from './contract.ts';
import { direction, type Meter, meterName, PART_OF_METER, type UsageTotals } from './meters.ts';
import type { Part } from './usage.ts';
import type { Money } from './money.ts';
import type { RateBook } from './rate-book.ts';
import type { UnitPrice } from './unit-price.ts';

/** A call that may never have been made, to be priced: quantities by meter, which do not overlap. */
export interface QuoteCase {
  readonly provider: string;
  readonly model: string;
  /** Milliseconds UTC. */
  readonly time: number;
  readonly serviceTier?: string;
  readonly region?: string;
  readonly inferenceGeo?: string;
  /** Tokens by meter: `input`, `input_audio`, `cache_read`, `cache_write@1h`, `output`, ... */
  readonly buckets: ReadonlyMap<Meter, bigint>;
  /** Paid things that are not tokens, by name. */
  readonly fees: ReadonlyMap<string, bigint>;
}

/** One line of a quote. */
export interface QuoteLine {
  readonly meter: string;
  readonly quantity: bigint;
  readonly price: UnitPrice | undefined;
  readonly cost: Money | undefined;
}

/** What a call costs, or why that is not known. */
export interface Quote {
  readonly cost: Money | undefined;
  readonly reason: string | undefined;
  readonly lines: readonly QuoteLine[];
  readonly sources: readonly string[];
  readonly steps: readonly string[];
  /** `gpt-4o from 2024-10-02`; absent without a rate. */
  readonly rate?: {
    readonly model: string;
    readonly from: string;
    readonly status: string;
    readonly card: string;
  };
}

/** Prices a case by the cards, after the terms of contracts where there are some. */
export function quoteCase(
  wanted: QuoteCase,
  book: RateBook,
  contracts: readonly Contract[],
): Quote {
  const usage = totalsFrom(wanted);
  const rater = book.rater({
    provider: wanted.provider,
    model: wanted.model,
    serviceTier: wanted.serviceTier,
    region: wanted.region,
    inferenceGeo: wanted.inferenceGeo,
    aggregated: false,
  });
  const written = [...usage.cacheWrite.values()].reduce((sum, tokens) => sum + tokens, 0n);
  const rating = rater(wanted.time, {
    input: Number(usage.input),
    cache_read: Number(usage.cacheRead),
    cache_write: Number(written),
  });
  if (rating.kind === 'unrated') {
    const { lines } = charge(usage, new Map(), 1n);
    return {
      cost: undefined,
      reason: rating.why.message,
      lines: lines.map((line) => ({ ...line, meter: meterName(line.meter) })),
      sources: [],
      steps: [],
    };
  }
  const { rate } = rating;
  const { prices, applied, pool } = negotiate(
    rate.prices,
    {
      provider: wanted.provider,
      names: [wanted.model, rate.model],
      time: wanted.time,
      accounts: [],
    },
    // A call that was never made is of no account: it is quoted as one that the contract is meant for.
    contracts.map((contract) => ({ ...contract, accounts: [] })),
  );
  const { lines, cost, missing } = charge(usage, prices, 1n);
  const byVolume = pool?.of.term.kind === 'volume' ? termName(pool.of) : undefined;
  return {
    cost: byVolume === undefined ? cost : undefined,
    reason:
      cost === undefined
        ? `${rate.provider}/${rate.model} (from ${rate.from}) has no price for ${missing.join(', ')}`
        : byVolume === undefined
          ? undefined
          : `what ${byVolume} takes off depends on the volume of its whole period; aicost report --cost contracted knows it`,
    lines: lines.map((line) => ({ ...line, meter: meterName(line.meter) })),
    sources: rate.sources,
    steps: [...rate.steps, ...applied],
    rate: {
      model: rate.model,
      from: rate.from,
      status: rate.status,
      card: `${rate.file}:${rate.line}`,
    },
  };
}

/** Buckets that do not overlap, as the counts that contain their parts. */
function totalsFrom({ buckets, fees }: QuoteCase): UsageTotals {
  const counts = { input: 0n, cache_read: 0n, output: 0n, reasoning: 0n };
  const cacheWrite = new Map<string, bigint>();
  const parts = new Map<Part, bigint>();
  for (const [meter, quantity] of buckets) {
    const part = PART_OF_METER.get(meter);
    if (part !== undefined) parts.set(part, (parts.get(part) ?? 0n) + quantity);
    const whole = direction(meter);
    if (whole === 'cache_write') {
      const ttl = meter.includes('@') ? meter.slice(meter.indexOf('@') + 1) : 'default';
      cacheWrite.set(ttl, (cacheWrite.get(ttl) ?? 0n) + quantity);
    } else counts[whole === 'input' || whole === 'cache_read' ? whole : 'output'] += quantity;
    if (meter === 'reasoning') counts.reasoning += quantity;
  }
  return {
    input: counts.input,
    cacheRead: counts.cache_read,
    cacheWrite,
    output: counts.output,
    reasoning: counts.reasoning,
    parts,
    fees,
  };
}

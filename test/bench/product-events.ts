// Calls of an invented product in aicost's own JSONL, about 430 bytes a line, in the order a log has them.
import { Dice, zipf } from './dice.ts';
import { type Feature, FEATURES, type Served } from './product.ts';

/** What to invent. The same wish gives the same lines on every machine. */
export interface Wish {
  readonly seed: number;
  /** Lines. */
  readonly count: number;
  /** Milliseconds UTC of the first call. */
  readonly start: number;
  /** Days over which the calls are spread, noon busier than night. */
  readonly days: number;
  /** Whether every tagged call has the number of an order as a tag too, a new one each time. */
  readonly orders?: true;
}

/** Start of the two months of which the bench tells. */
export const PRODUCT_START = Date.UTC(2026, 8, 1);
/** Days of these two months. */
export const PRODUCT_DAYS = 61;

const DAY_MS = 86_400_000;
const CUSTOMERS = 2_000;
const PAUSE_MS = 20_000;
const UNTAGGED_PER_THOUSAND = 20;

/** One run under way: calls of one feature for one customer. */
interface Run {
  readonly feature: Feature;
  /** Written once for all its calls; a run that nobody tagged has none. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly calls: number;
  made: number;
  /** Tokens of the conversation so far, which the prompt cache may hold. */
  context: number;
}

const chooseCustomer = zipf(CUSTOMERS);
const chooseFeature = zipf(FEATURES.length);

/** The lines, without line ends. */
export function* productEvents(wish: Wish): Generator<string> {
  const dice = new Dice(wish.seed);
  const everyMs = (wish.days * DAY_MS) / wish.count;
  // So many runs at once that the calls of one follow each other in seconds, and lines of several mix.
  const atOnce = Math.max(1, Math.round(PAUSE_MS / everyMs));
  let runs = 0;
  const open = (): Run => openRun(dice, wish.seed, (runs += 1));
  const underWay = Array.from({ length: atOnce }, open);
  for (let index = 0; index < wish.count; index += 1) {
    const place = dice.below(atOnce);
    let run = underWay[place] ?? open();
    if (run.made === run.calls) underWay[place] = run = open();
    run.made += 1;
    yield line(dice, wish, index, run);
  }
}

/** Time of a call: days have equally many, and two and a half times as many at noon as on average. */
function timeOf({ start, days, count }: Wish, index: number): number {
  const day = Math.floor((index * days) / count);
  const within = (index * days) / count - day;
  const busy = within + 1.2 * within * (1 - within) * (1 - 2 * within);
  return start + Math.floor((day + busy) * DAY_MS);
}

function openRun(dice: Dice, seed: number, number: number): Run {
  const feature = FEATURES[chooseFeature(dice) - 1] ?? dice.of(FEATURES);
  const customer = chooseCustomer(dice);
  const run = { feature, calls: lengthOfRun(dice), made: 0, context: dice.between(300, 4_000) };
  if (dice.perThousand(UNTAGGED_PER_THOUSAND)) return { ...run, tags: undefined };
  const place = dice.below(100);
  const { team, workflow, production } = feature;
  const tags = {
    feature: feature.feature,
    team,
    workflow,
    env: place < 92 ? production : place < 98 ? 'staging' : 'dev',
    customer: `cust-${String(customer).padStart(4, '0')}`,
    user: `u-${customer}-${dice.below(12)}`,
    session: `s-${dice.hex(8)}`,
    run: `run-${seed}-${number}`,
  };
  return { ...run, tags };
}

/** 1 to 40 calls: many short runs, few long ones, about nine on average. */
const lengthOfRun = (dice: Dice): number =>
  Math.ceil((40 * dice.between(1, 40) * dice.between(1, 40)) / 1600);

function line(dice: Dice, wish: Wish, index: number, run: Run): string {
  const { feature, tags, made } = run;
  const step = feature.steps[(made - 1) % feature.steps.length] ?? 'call';
  const served = dice.below(10) < 7 ? feature.models[0] : dice.of(feature.models);
  return JSON.stringify({
    time: new Date(timeOf(wish, index)).toISOString(),
    // The first half tells lines apart, the second makes ids as scattered as those of providers.
    id: `req_${scattered(index)}${dice.hex(8)}`,
    provider: served.provider,
    model: served.model,
    ...outcome(dice, run, served),
    ...(tags !== undefined && {
      tags: { ...tags, step, ...(wish.orders && { order: `ord-${scattered(index)}` }) },
    }),
  });
}

/** A different text for every index: multiplying by an odd number loses nothing. */
const scattered = (index: number): string =>
  (Math.imul(index, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');

function outcome(dice: Dice, run: Run, served: Served): Readonly<Record<string, unknown>> {
  const place = dice.below(1000);
  const status = place < 15 ? 'failure' : place < 20 ? 'timeout' : 'success';
  const input = dice.between(120, 1_800);
  const cached = run.made > 1 && dice.below(4) > 0 ? run.context : 0;
  const reasoning = served.reasons === true ? dice.between(0, 900) : 0;
  const answer = dice.between(20, 700);
  if (status === 'success') run.context += input + answer;
  const failed = status !== 'success';
  return {
    input_tokens: failed ? 0 : input,
    cache_read_tokens: failed ? 0 : cached,
    ...(served.writesCache === true && { cache_write_tokens: failed ? 0 : input }),
    output_tokens: failed ? 0 : reasoning + answer,
    ...(served.reasons === true && { reasoning_tokens: failed ? 0 : reasoning }),
    status,
    latency_ms: status === 'timeout' ? 60_000 : 180 + (reasoning + answer) * 9 + dice.below(700),
    ...(dice.perThousand(30) && { retry_count: dice.between(1, 3) }),
  };
}

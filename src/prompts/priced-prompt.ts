import { grouped } from '../domain/words.ts';
import { assumptionsOf } from './assumptions.ts';
import type {
  Amount,
  CostedPrompt,
  CostInputs,
  MeasuredCase,
  ModelPrices,
  PromptCost,
} from './costed-prompt.ts';
import { promptCost } from './cost/prompt-cost.ts';
import { addCounts, type TokenCount } from './counting/token-count.ts';
import type { EstimateRequest, PlannedPrompt } from './estimate-request.ts';
import { type Finding, INCOMPLETE } from './finding.ts';
import type { MeasuredPrompt } from './measured-prompt.ts';
import type { Prompt } from './prompt.ts';
import { assumedCalls } from './planned-prompt.ts';

/** What a price needs of a measured prompt; its text is no part of it. */
export type CountedPrompt = Omit<MeasuredPrompt, 'prompt'> & {
  readonly prompt: Pick<Prompt, 'path' | 'line' | 'format' | 'maxOutputTokens' | 'reasoningEffort'>;
};

/** What was reckoned for a measured prompt, and what of the request it rests on besides it. */
interface Reckoned {
  readonly asked: readonly unknown[];
  readonly cost: Omit<CostedPrompt, 'namedBy'>;
}

/** Two trees that are compared share what was measured of equal files; most of the time all else is equal too. */
const reckoned = new WeakMap<CountedPrompt, Reckoned>();

/** Prices what was measured, and lays the assumptions beside it. */
export function pricedPrompt(
  measured: CountedPrompt,
  said: PlannedPrompt,
  request: Pick<EstimateRequest, 'world' | 'basket' | 'flags'>,
): Omit<CostedPrompt, 'namedBy'> {
  const { world, basket, flags } = request;
  const other = basket?.get(measured.id);
  const asked = [said.entry, said.defaults, other, flags, world.pricesFor, world.callsOf];
  const known = reckoned.get(measured);
  if (known?.asked.every((each, index) => each === asked[index]) === true) return known.cost;
  const cost = reckon(measured, said, request);
  reckoned.set(measured, { asked, cost });
  return cost;
}

function reckon(
  measured: CountedPrompt,
  said: PlannedPrompt,
  { world, basket, flags }: Pick<EstimateRequest, 'world' | 'basket' | 'flags'>,
): Omit<CostedPrompt, 'namedBy'> {
  const { prompt, id, model, cases, counted, cacheTtl, files, findings } = measured;
  const prices =
    model === undefined ? undefined : world.pricesFor(model.value.provider, model.value.model);
  const assumptions = assumptionsOf(
    {
      id,
      assumed: assumedCalls(said, basket?.get(id), flags),
      defaults: (basket?.get(id) ?? said).defaults,
      flags,
      callsOf: world.callsOf,
      ...(cacheTtl === undefined ? {} : { fileTtl: { value: cacheTtl, path: prompt.path } }),
    },
    cases,
    prices,
  );
  const { maxOutputTokens, reasoningEffort } = prompt;
  const inputs: CostInputs = {
    cases,
    assumptions,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  const error = findings.find(({ level }) => level === 'error');
  const why =
    error?.message ?? (prices === undefined ? 'nobody says which model it goes to' : undefined);
  return {
    id,
    path: prompt.path,
    line: prompt.line,
    format: prompt.format,
    files,
    atLeast: findings.some(({ code }) => INCOMPLETE.has(code)),
    counted,
    cost:
      why !== undefined || prices === undefined
        ? unknownCost(why ?? 'not known')
        : promptCost(inputs, prices),
    findings: [...findings, ...tooLong(measured, prices)],
    // Half a count looks like a count.
    ...(error === undefined ? { inputs, ...meanTokens(cases) } : {}),
    ...(model === undefined ? {} : { model }),
    ...(prices === undefined ? {} : { prices }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    ...(cacheTtl === undefined ? {} : { cacheTtl }),
  };
}

/** A prompt that its model refuses has a price and no use. */
function tooLong(
  { prompt, cases }: CountedPrompt,
  prices: ModelPrices | undefined,
): readonly Finding[] {
  const longest = Math.max(0, ...cases.map(({ tokens }) => tokens.low));
  const window = prices?.contextWindow;
  if (prices === undefined || window === undefined || longest <= window) return [];
  return [
    {
      level: 'warning',
      code: 'exceeds-context-window',
      message: `${grouped(longest)} tokens are more than the ${grouped(window)} that ${prices.model} takes`,
      origin: { file: prompt.path, line: prompt.line },
    },
  ];
}

function unknownCost(why: string): PromptCost {
  const unknown: Amount = { kind: 'unknown', why };
  return {
    perCall: unknown,
    perCallP95: unknown,
    perMonth: unknown,
    cache: { cachedTokens: 0, why },
  };
}

/** The mean over cases by their weights, rounded to whole tokens; nothing without a case. */
function meanTokens(cases: readonly MeasuredCase[]): { readonly tokens?: TokenCount } {
  const [first, ...others] = cases;
  if (first === undefined) return {};
  if (others.length === 0) return { tokens: first.tokens };
  const scale = Math.max(...cases.map(({ weight }) => weight.scale));
  const weights = cases.map(({ weight }) => weight.digits * 10n ** BigInt(scale - weight.scale));
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const mean = (end: 'tokens' | 'low' | 'high'): number => {
    const sum = cases.reduce(
      (total, { tokens }, index) => total + BigInt(tokens[end]) * (weights[index] ?? 0n),
      0n,
    );
    return Number((sum * 2n + whole) / (whole * 2n));
  };
  const { source, note } = addCounts(...cases.map(({ tokens }) => tokens));
  return {
    tokens: {
      tokens: mean('tokens'),
      low: mean('low'),
      high: mean('high'),
      source,
      ...(note === undefined ? {} : { note }),
    },
  };
}

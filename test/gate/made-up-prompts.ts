import type { GatePolicy } from '../../src/domain/gate-policy.ts';
import { type Money, parseMoney } from '../../src/domain/money.ts';
import type {
  CostedPrompt,
  CostInputs,
  MeasuredPart,
  ModelPrices,
} from '../../src/prompts/costed-prompt.ts';
import { promptCost } from '../../src/prompts/cost/prompt-cost.ts';
import { countOf } from '../../src/prompts/counting/token-count.ts';
import { compare, type ComparisonRequest } from '../../src/gate/comparison.ts';
import type { Reading } from '../../src/gate/compared-prompt.ts';
import type { Comparison } from '../../src/gate/comparison-result.ts';
import type { GateRules } from '../../src/gate/policy-changes.ts';
import { caseOf, inputsOf, modelOf, said } from '../prompts/cost/made-up-costs.ts';

/** Prices of ci-gate's scenarios: gpt-4o-mini and gpt-4o. */
const MINI: ModelPrices = {
  ...modelOf({ input: '0.15', output: '0.60' }),
  model: 'gpt-4o-mini',
};
/** As MINI, sixteen times as dear. */
export const LARGE: ModelPrices = {
  ...modelOf({ input: '2.50', output: '10.00' }),
  model: 'gpt-4o',
};

/** Dollars as money. */
export function usd(text: string): Money {
  const amount = parseMoney(text);
  if (amount === undefined) throw new Error(`no money: ${text}`);
  return amount;
}

/** A limit that stands in a config. */
export const limit = <Value>(value: Value) => ({ value, origin: { file: 'aicost.yaml', line: 9 } });

/** A policy that limits nothing. */
export const policy = (more: Partial<GatePolicy> = {}): GatePolicy => ({
  mode: 'fail',
  workspaces: new Map(),
  unknown: 'warn',
  selfWaive: 'allow',
  allowTrailers: false,
  ...more,
});

/** Rules with that policy and nothing else. */
export const rules = (more: Partial<GatePolicy> = {}): GateRules => ({
  policy: policy(more),
  policySource: 'base',
  waivers: [],
  other: new Map(),
});

/** Part of a prompt with its tokens, of which the first `stable` are the same in every call. */
export const part = (
  kind: MeasuredPart['part'],
  tokens: number,
  more: Partial<MeasuredPart> & { readonly stable?: number } = {},
): MeasuredPart => {
  const { stable = 0, ...rest } = more;
  return {
    part: kind,
    tokens: countOf(tokens, 'counted'),
    source: 'counted',
    prefix: countOf(stable, 'counted'),
    ...rest,
  };
};

/** Inputs of one case with these parts. */
export function partsInputs(
  parts: readonly MeasuredPart[],
  more: Parameters<typeof inputsOf>[1] = {},
): CostInputs {
  const sum = (field: 'tokens' | 'prefix'): number =>
    parts.reduce((total, each) => total + each[field].tokens, 0);
  return inputsOf([caseOf(sum('tokens'), { parts, stable: sum('prefix') })], more);
}

/** A prompt of so many tokens of text, of 100,000 calls with 200 tokens of answer. */
export function costed(
  id: string,
  more: Partial<CostedPrompt> & { readonly text?: number; readonly content?: string } = {},
): CostedPrompt {
  const { text = 2658, content = `${id} ${text}`, ...rest } = more;
  const path = rest.path ?? `prompts/${id}.txt`;
  const inputs = rest.inputs ?? partsInputs([part('instructions', text)]);
  const prices = rest.prices ?? MINI;
  const tokens = inputs.cases[0]?.tokens;
  return {
    id,
    namedBy: 'config',
    path,
    line: 1,
    format: 'text',
    model: said({ provider: 'openai', model: prices.model }),
    files: new Map([[path, content]]),
    ...(tokens === undefined ? {} : { tokens }),
    inputs,
    prices,
    cost: promptCost(inputs, prices),
    findings: [],
    ...rest,
  };
}

/** A prompt that has no price. */
export const unpriced = (id: string, more: Parameters<typeof costed>[1] = {}): CostedPrompt => {
  const why = 'no rate card has a model "oak-9"';
  const amount = { kind: 'unknown', why } as const;
  return {
    ...costed(id, more),
    cost: { perCall: amount, perCallP95: amount, perMonth: amount, cache: { cachedTokens: 0 } },
  };
};

/** A prompt that is in both trees. */
export const both = (
  base: CostedPrompt,
  head: CostedPrompt,
  more: Partial<Reading> = {},
): Reading => ({
  base,
  head,
  basket: head,
  ...more,
});

/** Compares readings under some rules. */
export const comparison = (
  readings: readonly Reading[],
  more: Partial<ComparisonRequest> = {},
): Comparison =>
  compare(
    {
      id: 'default',
      validAt: '2026-11-21T10:02:11Z',
      base: { name: 'c5c5220', commit: null },
      head: { name: '9f3c2a1', commit: null },
      how: 'merge parent of 9f3c2a1',
      prices: '2026-11-01',
      countingRules: '2026-11-15',
      readings,
      rules: rules(),
      policyFrom: 'base',
      policyChanges: [],
      policyPath: undefined,
      allowances: { counted: [], expired: [], denied: [] },
      treeFindings: [],
      notices: [],
      strict: false,
      ...more,
    },
    promptCost,
  );

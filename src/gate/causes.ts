import { type Money, money } from '../domain/money.ts';
import type {
  CostInputs,
  MeasuredCase,
  MeasuredPart,
  ModelPrices,
  PromptCost,
} from '../prompts/costed-prompt.ts';
import type { TokenCount } from '../prompts/counting/token-count.ts';
import type { CauseKind } from './comparison-result.ts';

/** What decides a cost: see `prompts/cost`. */
export type Reckon = (inputs: CostInputs, prices: ModelPrices) => PromptCost;

/** Inputs and prices of a prompt at one step of the way from base to head. */
export interface Stage {
  readonly inputs: CostInputs;
  readonly prices: ModelPrices;
}

/** One step that changed the cost. */
export interface CostStep {
  readonly cause: CauseKind;
  readonly detail?: string;
  readonly delta: Money;
}

/** Base and head of a prompt, at the same prices and volumes. */
export interface Change {
  readonly base: Stage;
  /** Head as base's model would count and charge it; `head` itself where the model is the same. */
  readonly bridge: Stage;
  readonly head: Stage;
}

/** The steps in the order in which they are taken. Text is the template's own with the frame of its messages. */
const PART_STEPS: readonly {
  readonly cause: CauseKind;
  readonly parts: readonly MeasuredPart['part'][];
}[] = [
  { cause: 'text', parts: ['instructions', 'frame'] },
  { cause: 'examples', parts: ['examples'] },
  { cause: 'tools', parts: ['tools'] },
  { cause: 'schema', parts: ['schema'] },
  { cause: 'images', parts: ['images'] },
];

/**
 * Walks from base to head one cause at a time and says what each step cost a month. The steps add up to the whole
 * to the last digit, since each begins where the one before it ended. While sizes change, the cache is held as
 * base has it; what moving or shrinking the cached prefix does is a step of its own. Undefined where a stage has no price.
 */
export function costSteps(change: Change, reckon: Reckon): readonly CostStep[] | undefined {
  const { base, bridge, head } = change;
  const steps: CostStep[] = [];
  const start = monthly(reckon(base.inputs, base.prices));
  const end = monthly(reckon(head.inputs, head.prices));
  if (start === undefined || end === undefined) return undefined;
  let reached = start;
  const arrive = (cost: PromptCost, cause: CauseKind, detail?: string): boolean => {
    const amount = monthly(cost);
    if (amount === undefined) return false;
    const delta = money(amount - reached);
    if (delta !== 0n) steps.push({ cause, delta, ...(detail === undefined ? {} : { detail }) });
    reached = amount;
    return true;
  };
  const held = heldPrices(base, reckon);
  let cases = base.inputs.cases;
  const resize = (cause: CauseKind, isPart: (part: MeasuredPart) => boolean, detail?: string) => {
    cases = withParts(cases, bridge.inputs.cases, isPart);
    return arrive(reckon({ ...base.inputs, cases }, held), cause, detail);
  };
  const arrived =
    PART_STEPS.every(({ cause, parts }) => resize(cause, ({ part }) => parts.includes(part))) &&
    variablesOf(base, bridge).every((name) =>
      resize('variable', ({ part, variable }) => part === 'variable' && variable === name, name),
    ) &&
    arrive(reckon({ ...base.inputs, cases: bridge.inputs.cases }, base.prices), 'cache layout') &&
    arrive(reckon(bridge.inputs, base.prices), 'output cap') &&
    arrive(reckon(head.inputs, head.prices), 'model', `${modelOf(base)} → ${modelOf(head)}`);
  return arrived ? steps : undefined;
}

const monthly = ({ perMonth }: PromptCost): Money | undefined =>
  perMonth.kind === 'known' ? perMonth.value : undefined;

const modelOf = ({ prices }: Stage): string => prices.model;

/** Prices under which the prefix is cached exactly if base's is, however long it becomes. */
function heldPrices({ inputs, prices }: Stage, reckon: Reckon): ModelPrices {
  const { cacheMinimum, ...rest } = prices;
  if (cacheMinimum === undefined) return prices;
  const cached = reckon(inputs, prices).cache.cachedTokens > 0;
  return cached ? { ...rest, cacheMinimum: { ...cacheMinimum, value: 0 } } : rest;
}

const variablesOf = (base: Stage, head: Stage): readonly string[] => {
  const names = [base, head].flatMap(({ inputs }) =>
    inputs.cases.flatMap(({ parts }) => parts.flatMap(({ variable }) => variable ?? [])),
  );
  return [...new Set(names)].sort();
};

/** The cases with some parts as head has them. Cases are those of one plan, so they stand in the same order. */
const withParts = (
  cases: readonly MeasuredCase[],
  heads: readonly MeasuredCase[],
  isPart: (part: MeasuredPart) => boolean,
): readonly MeasuredCase[] =>
  cases.map((before, index) => {
    const after = heads[index];
    return after === undefined ? before : mixed(before, after, isPart);
  });

function mixed(
  before: MeasuredCase,
  after: MeasuredCase,
  isPart: (part: MeasuredPart) => boolean,
): MeasuredCase {
  const old = new Map(folded(before.parts).map((part) => [keyOf(part), part]));
  const taken = folded(after.parts.filter(isPart)).map((part) => ({
    ...part,
    prefix: grownPrefix(old.get(keyOf(part)), part),
  }));
  const parts = [...before.parts.filter((part) => !isPart(part)), ...taken];
  const tokens = total(parts.map((part) => part.tokens));
  // A variable that is long at times is so in base's and head's text alike: the basket declares it.
  return { ...before, parts, tokens, prefix: total(parts.map(({ prefix }) => prefix)) };
}

/** Parts of one kind as one: text of a file and of its includes is text. */
const folded = (parts: readonly MeasuredPart[]): readonly MeasuredPart[] =>
  [...Map.groupBy(parts, keyOf).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const tokens = total(alike.map((part) => part.tokens));
    return [{ ...first, tokens, prefix: total(alike.map(({ prefix }) => prefix)) }];
  });

const keyOf = ({ part, variable = '' }: MeasuredPart): string => `${part} ${variable}`;

/**
 * The prefix of a part that changed its size and not its place: what was added or taken may lie in the prefix as
 * far as head's prefix says so; anything else that happened to the prefix is no matter of size.
 */
function grownPrefix(before: MeasuredPart | undefined, after: MeasuredPart): TokenCount {
  const [size, prefix] = [before?.tokens.tokens ?? 0, before?.prefix.tokens ?? 0];
  const grown = after.tokens.tokens - size;
  const least = Math.max(0, prefix + Math.min(0, grown));
  const most = Math.min(after.tokens.tokens, prefix + Math.max(0, grown));
  const tokens = Math.min(most, Math.max(least, after.prefix.tokens));
  return { ...after.prefix, tokens, low: tokens, high: tokens };
}

function total(counts: readonly TokenCount[]): TokenCount {
  const sum = (field: 'tokens' | 'low' | 'high'): number =>
    counts.reduce((before, count) => before + count[field], 0);
  return {
    tokens: sum('tokens'),
    low: sum('low'),
    high: sum('high'),
    source: counts[0]?.source ?? 'counted',
  };
}

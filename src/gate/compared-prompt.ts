import { type Money, money } from '../domain/money.ts';
import type { Amount, CostedPrompt } from '../prompts/costed-prompt.ts';
import { type CostStep, costSteps, type Reckon, type Stage } from './causes.ts';
import type { Status } from './comparison-result.ts';
import { idOf, type Pair } from './pairing.ts';

/** A pair with head in two more readings, all of them at base's prices. */
export interface Reading extends Pair {
  /** Head with base's volumes: what is held against the change. Absent for a deleted prompt. */
  readonly basket?: CostedPrompt;
  /** The same as base's model would count it; absent where the model is the same. */
  readonly bridge?: CostedPrompt;
}

/** A prompt of base, head or both, compared. Money is dollars a month; undefined means not known, or that there is no such side. */
export interface ComparedPrompt {
  readonly id: string;
  readonly status: Status;
  readonly reading: Reading;
  readonly baseMonthly: Money | undefined;
  readonly headMonthly: Money | undefined;
  /** Known when both are, or the one of them that there is. */
  readonly delta: Money | undefined;
  readonly steps: readonly CostStep[];
  /** What head costs at its own prices and volumes, and how that is more than `headMonthly`. */
  readonly ownMonthly: Money | undefined;
  readonly assumptionsDelta: Money | undefined;
  readonly pricesDelta: Money | undefined;
  /** Files that decide it besides its own and differ between the trees. Sorted. */
  readonly changedInputs: readonly string[];
  /** Part of it, before or after, has no number: the true amounts are higher. */
  readonly atLeast: boolean;
  /** Why base or head is not known. */
  readonly unknown: string | undefined;
}

/** Compares one prompt. Pure. */
export function comparePrompt(reading: Reading, reckon: Reckon): ComparedPrompt {
  const { base, head, basket } = reading;
  const baseMonthly = base === undefined ? undefined : known(base.cost.perMonth);
  const headMonthly = basket === undefined ? undefined : known(basket.cost.perMonth);
  const ownMonthly = head === undefined ? undefined : known(head.cost.perMonth);
  const unknown = whyUnknown(base) ?? whyUnknown(basket);
  const delta =
    unknown === undefined ? money((headMonthly ?? 0n) - (baseMonthly ?? 0n)) : undefined;
  // Most prompts are read once, since base and head ask for the same prices and volumes.
  const newAssumptions =
    head === undefined || head === basket ? ownMonthly : atBasePrices(head, basket, reckon);
  return {
    id: idOf(reading),
    status: statusOf(reading),
    reading,
    steps: delta === undefined || delta === 0n ? [] : stepsOf(reading, reckon),
    changedInputs: changedInputs(reading),
    baseMonthly,
    headMonthly,
    delta,
    ownMonthly,
    assumptionsDelta: difference(newAssumptions, headMonthly),
    pricesDelta: difference(ownMonthly, newAssumptions),
    atLeast: base?.atLeast === true || basket?.atLeast === true,
    unknown,
  };
}

/** Head's own volumes at base's prices: between the basket and what head costs by its own account. */
function atBasePrices(
  head: CostedPrompt,
  basket: CostedPrompt | undefined,
  reckon: Reckon,
): Money | undefined {
  if (head.inputs === undefined || basket?.prices === undefined) return undefined;
  return known(reckon(head.inputs, basket.prices).perMonth);
}

function stepsOf({ base, basket, bridge }: Reading, reckon: Reckon): readonly CostStep[] {
  const [from, to] = [stageOf(base), stageOf(basket)];
  if (from === undefined || to === undefined) return [];
  const change = { base: from, bridge: stageOf(bridge) ?? to, head: to };
  return costSteps(change, reckon) ?? [];
}

function stageOf(prompt: CostedPrompt | undefined): Stage | undefined {
  if (prompt?.inputs === undefined || prompt.prices === undefined) return undefined;
  return { inputs: prompt.inputs, prices: prompt.prices };
}

function statusOf({ base, head }: Reading): Status {
  if (base === undefined) return 'new';
  if (head === undefined) return 'deleted';
  const changed = !sameContent(base, head);
  if (base.path !== head.path) {
    if (changed) return 'renamed+changed';
    return base.workspace === head.workspace ? 'renamed' : 'moved';
  }
  if (changed) return 'changed';
  return base.workspace === head.workspace ? 'same' : 'moved';
}

/** Whether what is sent is decided by equal files and the same model. A prompt's own path may differ. */
function sameContent(base: CostedPrompt, head: CostedPrompt): boolean {
  const content = ({ path, files }: CostedPrompt): string =>
    JSON.stringify([
      files.get(path),
      [...files].filter(([file]) => file !== path).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  const model = (prompt: CostedPrompt): string =>
    JSON.stringify([prompt.model?.value, prompt.reasoningEffort]);
  return content(base) === content(head) && model(base) === model(head);
}

function changedInputs({ base, head }: Reading): readonly string[] {
  if (base === undefined || head === undefined) return [];
  const others = new Set([...base.files.keys(), ...head.files.keys()]);
  others.delete(base.path);
  others.delete(head.path);
  return [...others].filter((file) => base.files.get(file) !== head.files.get(file)).sort();
}

const known = (amount: Amount): Money | undefined =>
  amount.kind === 'known' ? amount.value : undefined;

const whyUnknown = (prompt: CostedPrompt | undefined): string | undefined =>
  prompt?.cost.perMonth.kind === 'unknown' ? prompt.cost.perMonth.why : undefined;

const difference = (to: Money | undefined, from: Money | undefined): Money | undefined =>
  to === undefined || from === undefined ? undefined : money(to - from);

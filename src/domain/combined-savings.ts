import { divideHalfEven, type Money, money } from './money.ts';

/**
 * What several levers together leave of a cost: what each leaves of it alone, multiplied, since the second
 * finds only what the first has left. Savings of a and b come to 1 - (1 - a)(1 - b), never to a + b. A lever
 * that makes things dearer counts so. Rounded half to even, once.
 */
export function combinedAfter(before: Money, afters: readonly Money[]): Money {
  const [first, second] = afters;
  if (first === undefined) return before;
  if (second === undefined) return first;
  // Of nothing no part can be told, so what is added to it stays as it is.
  if (before === 0n) return money(afters.reduce((sum, after) => sum + after, 0n));
  let [part, over] = [BigInt(before), 1n];
  for (const after of afters) {
    part *= after;
    over *= before;
  }
  return money(over < 0n ? divideHalfEven(-part, -over) : divideHalfEven(part, over));
}

/** A way of saving on one line item: at most one of the same lever is chosen. */
export interface Saving {
  /** Line item that it works on. */
  readonly item: string;
  readonly lever: string;
  /** How much it changes of what people get: 0 is nothing at all. */
  readonly intrusion: number;
  /** What is left of the item's cost with it alone. */
  readonly after: Money;
}

/** A choice of savings, in the order in which they are to be made. */
export interface Choice<Of extends Saving> {
  readonly chosen: readonly Of[];
  /** What they save together. */
  readonly saving: Money;
}

/** What a choice saves: within an item multiplied, over items added. `before` is the cost of each item. */
export function savingOf(chosen: readonly Saving[], before: ReadonlyMap<string, Money>): Money {
  let saving = 0n;
  for (const [item, cost] of before) {
    const afters = chosen.flatMap((each) => (each.item === item ? [each.after] : []));
    saving += cost - combinedAfter(cost, afters);
  }
  return money(saving);
}

/**
 * The least intrusive choice that saves as much as is wanted: less intrusive savings before more intrusive ones,
 * larger before smaller, until they are enough; then what turned out not to be needed is left out again, the most
 * intrusive first. All that helps where even that is not enough.
 */
export function leastIntrusive<Of extends Saving>(
  options: readonly Of[],
  before: ReadonlyMap<string, Money>,
  wanted: Money,
): Choice<Of> {
  const cost = (item: string): bigint => before.get(item) ?? 0n;
  const own = ({ item, after }: Of): bigint => cost(item) - after;
  const ordered = options
    .filter((each) => own(each) > 0n)
    .sort(
      (a, b) => a.intrusion - b.intrusion || (own(a) === own(b) ? 0 : own(a) > own(b) ? -1 : 1),
    );
  let chosen: readonly Of[] = [];
  const enough = (set: readonly Of[]): boolean => savingOf(set, before) >= wanted;
  for (const option of ordered) {
    if (enough(chosen)) break;
    chosen = better(chosen, option, before);
  }
  for (const option of [...chosen].reverse()) {
    const without = chosen.filter((each) => each !== option);
    if (enough(chosen) && enough(without)) chosen = without;
  }
  return { chosen, saving: savingOf(chosen, before) };
}

/** The choice with an option, in place of one of the same lever on the same item where that saves less. */
function better<Of extends Saving>(
  chosen: readonly Of[],
  option: Of,
  before: ReadonlyMap<string, Money>,
): readonly Of[] {
  const others = chosen.filter(({ item, lever }) => item !== option.item || lever !== option.lever);
  const swapped = [...others, option];
  return savingOf(swapped, before) > savingOf(chosen, before) ? swapped : chosen;
}

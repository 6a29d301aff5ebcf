import { type Money, money, ZERO } from '../domain/money.ts';
import type { Dimension, Filter, SpendRow } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import { askedFlags } from './asked-flags.ts';
import type { Lever, LeverPlan, LeverWorld } from './lever-contract/lever.ts';
import { type LeverTry, type LineItem, TOUCHES, type Touches } from './lever-contract/ranking.ts';
import type { RankedItem, RankedSaving, Ranking } from './rank-result.ts';
import type { GroupResult, RunResult } from './run-result.ts';
import { type Grouping, runTogether, UNCHANGED, WHOLE } from './run-together.ts';

/** What a line item is, in the order of its key. */
export const LINE_ITEM: readonly Dimension[] = [
  { kind: 'tag', name: 'feature' },
  { kind: 'fact', name: 'provider' },
  { kind: 'fact', name: 'model' },
];

/** The same of requests, whose provider and model every class tells. */
const BY_LINE_ITEM: Grouping = {
  by: [{ kind: 'tag', name: 'feature' }],
  groupOf: ({ key, sku }) => [key[0] ?? null, sku.provider, sku.model],
};

/** Which line items are looked at. */
export interface RankOptions {
  /** So many of the dearest. */
  readonly top: number;
  /** None that cost less in the span. */
  readonly floor: Money;
  /** Whether some call carries a tag. */
  readonly knows: (tag: string) => boolean;
}

interface Tried {
  readonly lever: string;
  readonly flags: LeverTry;
  readonly touches: Touches;
  /** Only line items with a feature. */
  readonly named: boolean;
  readonly plan: LeverPlan;
}

/** Calls with a feature. */
const NAMED: Filter = { dimension: { kind: 'tag', name: 'feature' }, negated: true, pattern: '' };

/** Tries every lever that needs nothing more than the ledger on the dearest line items; `rows` is their spend. */
export async function rankLevers(
  levers: readonly Lever[],
  rows: readonly SpendRow[],
  world: LeverWorld,
  { top, floor, knows }: RankOptions,
): Promise<Ranking> {
  const lines = rows
    .filter(({ cost }) => cost > 0n)
    .map(lineItem)
    .sort((a, b) => descending(a.cost, b.cost) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const large = lines.filter(({ cost }) => cost >= floor);
  const small = lines.filter(({ cost }) => cost < floor);
  const looked = large.slice(0, top);
  const lacks = ({ ranking }: Lever): boolean => ranking?.facts?.some(knows) === false;
  const tried = await triedOn(
    looked,
    levers.filter((lever) => !lacks(lever)),
    world,
  );
  const plans = [UNCHANGED, ...tried.map(({ plan }) => plan)].map((plan) => ({
    plan,
    share: WHOLE,
  }));
  const [unchanged, ...results] =
    looked.length === 0 ? [] : runTogether(plans, BY_LINE_ITEM, world);
  const items = looked.flatMap((line): RankedItem[] => {
    const group = groupOf(unchanged, line);
    if (group === undefined) return [];
    const { feature, provider, model } = line;
    const { requests, before } = group;
    return [{ name: nameOf(line), feature, provider, model, requests, before }];
  });
  const savings = inSteps(tried.flatMap((each, index) => savingsOf(each, results[index], items)));
  const sum = (of: readonly LineItem[]) => ({
    items: of.length,
    before: money(of.reduce((total, { cost }) => total + cost, 0n)),
  });
  return {
    items,
    belowFloor: sum(small),
    notLookedAt: sum(large.slice(top)),
    savings: savings.sort((a, b) => descending(savedBy(a), savedBy(b))),
    notTried: levers.flatMap(({ name, ranking }) => (ranking === undefined ? [name] : [])),
    lacking: levers.flatMap((lever) =>
      lacks(lever) ? [{ lever: lever.name, facts: lever.ranking?.facts ?? [] }] : [],
    ),
  };
}

const lineItem = (row: SpendRow): LineItem => {
  const [feature = null, provider, model] = row.key;
  return { feature, provider: provider ?? '', model: model ?? '', spend: row, cost: row.cost };
};

const nameOf = ({ feature, provider, model }: Pick<LineItem, 'feature' | 'provider' | 'model'>) =>
  JSON.stringify([feature, provider, model]);

async function triedOn(
  items: readonly LineItem[],
  levers: readonly Lever[],
  world: LeverWorld,
): Promise<readonly Tried[]> {
  const found: Tried[] = [];
  if (items.length === 0) return found;
  for (const { name, ranking, plan } of levers)
    for (const flags of ranking?.tries(items, world) ?? []) {
      const asked = askedFlags(
        new Map(Object.entries(flags).map(([flag, text]) => [flag, [text]])),
      );
      try {
        const named = ranking?.named === true;
        const made = await plan(
          asked,
          named ? { ...world, where: [...world.where, NAMED] } : world,
        );
        found.push({
          lever: name,
          flags,
          touches: ranking?.touches ?? 'answers',
          named,
          plan: made,
        });
      } catch (error) {
        // What cannot be tried on this ledger is no finding of a ranking; asked for alone, the lever says why.
        if (!(error instanceof UserError)) throw error;
      }
    }
  return found;
}

/** More tries of one lever on one item than there can be. */
const STEPS = 1_000;

/** The group of a line item in a run. */
const groupOf = (
  result: RunResult | undefined,
  item: Pick<LineItem, 'feature' | 'provider' | 'model'>,
): GroupResult | undefined => {
  const name = nameOf(item);
  return result?.groups.find(({ key }) => JSON.stringify(key) === name);
};

function savingsOf(
  { lever, flags, touches, named }: Tried,
  run: RunResult | undefined,
  items: readonly RankedItem[],
): RankedSaving[] {
  return items.flatMap((item): RankedSaving[] => {
    const group = groupOf(run, item);
    if (run === undefined || group === undefined || group.after.mid >= item.before) return [];
    if (named && item.feature === null) return [];
    return [
      {
        item: item.name,
        lever,
        flags,
        touches,
        intrusion: TOUCHES.indexOf(touches) * STEPS,
        after: group.after.mid,
        of: item,
        range: group.after,
        changed: group.changed,
        run,
      },
    ];
  });
}

/** Of several tries of one lever on one item the later ones change more, as the lever puts them in order. */
function inSteps(savings: readonly RankedSaving[]): RankedSaving[] {
  const steps = new Map<string, number>();
  return savings.map((saving) => {
    const name = `${saving.lever} ${saving.item}`;
    const step = steps.get(name) ?? 0;
    steps.set(name, step + 1);
    return { ...saving, intrusion: saving.intrusion + step };
  });
}

const savedBy = ({ of, after }: RankedSaving): bigint => of.before - after;
const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

/** What each line item costs, by name. */
export const costsOf = (items: readonly RankedItem[]): ReadonlyMap<string, Money> =>
  new Map(items.map(({ name, before }) => [name, before]));

/** More than any line item can save: for asking for all there is. */
export const EVERYTHING = (items: readonly RankedItem[]): Money =>
  money(items.reduce((sum, { before }) => sum + before, BigInt(ZERO)) + 1n);

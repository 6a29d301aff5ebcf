import type { CostedPrompt, ModelPrices } from '../../prompts/costed-prompt.ts';
import { estimatePrompts } from '../../prompts/estimate.ts';
import { estimateMemo } from '../../prompts/estimate-memo.ts';
import type {
  Estimate,
  EstimateRequest,
  EstimateWorld,
  PlannedPrompt,
} from '../../prompts/estimate-request.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import type { Finding } from '../../prompts/finding.ts';
import type { Reading } from '../compared-prompt.ts';
import { idOf, type Pair, pairPrompts } from '../pairing.ts';
import { basketPlan } from './basket-plan.ts';
import type { RulesInForce } from './two-trees.ts';

/** Numbers that a tree does not hold, for base and for head: their prices may differ, all else is one. */
export interface Worlds {
  readonly base: EstimateWorld;
  /** The same object as `base` where both trees ask for the same prices. */
  readonly head: EstimateWorld;
}

/** Finds files that moved, by their paths in head. */
export type FindRenames = (paths: {
  readonly base: readonly string[];
  readonly head: readonly string[];
}) => Promise<ReadonlyMap<string, string>>;

/** Every prompt of two trees in the readings that a comparison needs. */
export interface Readings {
  readonly readings: readonly Reading[];
  /** What was noticed of head's files that no prompt stands for; `old` of it was noticed of base's too. */
  readonly findings: { readonly fresh: readonly Finding[]; readonly old: readonly Finding[] };
  /** Models that base's prices lack, which are compared at head's. */
  readonly borrowed: readonly string[];
  /** Files that head has still and takes out of its prompts: compared by base's plan, unless their id went elsewhere. */
  readonly leftOut: readonly string[];
  /** Ids of prompts whose model head does not name any more: they are compared at base's. */
  readonly nameless: readonly string[];
}

/** The base of a comparison without a tree: what was written down of its prompts, priced by the world given. */
export type WrittenBase = (world: EstimateWorld) => Estimate;

/**
 * Estimates both trees at base's prices and base's volumes, and head once more at its own. A model that base's
 * prices lack is taken from head's: a change may bring a model with its price.
 */
export async function readBasket(
  { base, head }: RulesInForce,
  worlds: Worlds,
  findRenames: FindRenames,
  written?: WrittenBase,
): Promise<Readings> {
  const borrowed = new Set<string>();
  const gate = { ...worlds.base, pricesFor: withFallback(worlds, borrowed) };
  const memo = estimateMemo();
  const request = { world: gate, memo };
  // One after the other: what base's files came to is known when head's equal ones are read.
  const before =
    written?.(gate) ??
    (await estimatePrompts({
      ...request,
      tree: base.tree,
      plan: base.settings.plan,
      mayLackFiles: true,
    }));
  const after = await estimatePrompts({
    ...request,
    // One version of counting rules: head's prices, base's counters.
    world: worlds.base === worlds.head ? gate : { ...gate, pricesFor: worlds.head.pricesFor },
    tree: head.tree,
    plan: head.settings.plan,
  });
  const all = await paired(before, after, findRenames);
  const leftOut = await stillThere(all, { ...request, tree: head.tree, plan: base.settings.plan });
  const pairs = all.filter((pair) => !leftOut.has(idOf(pair)));
  const nameless = namelessOf(pairs);
  const inBasket = {
    ...request,
    tree: head.tree,
    plan: head.settings.plan,
    models: nameless,
  };
  const basket = await basketOf(pairs, { before, after, worlds }, inBasket);
  const bridge = await bridgeOf(pairs, basket, inBasket);
  return {
    borrowed: [...borrowed].sort(),
    nameless: [...nameless.keys()].sort(),
    findings: splitFindings(before, after),
    leftOut: [...new Set([...pathsOf(leftOut), ...passedOn(pairs, head.tree)])].sort(),
    readings: [
      ...pairs.map((pair) => readingOf(pair, basket.prompts, bridge)),
      ...leftOut.values(),
    ],
  };
}

function splitFindings(before: Estimate, after: Estimate): Readings['findings'] {
  const text = ({ level, code, message }: Finding): string =>
    JSON.stringify([level, code, message]);
  const known = new Set(before.findings.map(text));
  return {
    fresh: after.findings.filter((finding) => !known.has(text(finding))),
    old: after.findings.filter((finding) => known.has(text(finding))),
  };
}

function readingOf(
  pair: Pair,
  basket: ReadonlyMap<string, CostedPrompt>,
  bridge: ReadonlyMap<string, CostedPrompt>,
): Reading {
  const [same, bridged] = [basket.get(idOf(pair)), bridge.get(idOf(pair))];
  return {
    ...pair,
    ...(pair.head === undefined || same === undefined ? {} : { basket: same }),
    ...(bridged === undefined ? {} : { bridge: bridged }),
  };
}

/** Prices of base; head's for a model that base's have no price for and head's have. */
function withFallback({ base, head }: Worlds, borrowed: Set<string>): EstimateWorld['pricesFor'] {
  if (base === head) return base.pricesFor;
  return (provider, model) => {
    const old = base.pricesFor(provider, model);
    if (hasPrice(old)) return old;
    const fresh = head.pricesFor(provider, model);
    if (!hasPrice(fresh)) return old;
    borrowed.add(model);
    return fresh;
  };
}

const hasPrice = ({ forPrompt }: ModelPrices): boolean => forPrompt(0).kind === 'rated';

async function paired(
  before: Estimate,
  after: Estimate,
  findRenames: FindRenames,
): Promise<readonly Pair[]> {
  const paths = ({ prompts }: Estimate): readonly string[] => [
    ...new Set(prompts.map(({ path }) => path)),
  ];
  const [base, head] = [new Set(paths(before)), new Set(paths(after))];
  // Most changes rename nothing, and then nothing has to be read for it.
  const moved =
    [...base].some((path) => !head.has(path)) && [...head].some((path) => !base.has(path));
  const renames = moved
    ? await findRenames({ base: [...base], head: [...head] })
    : new Map<string, string>();
  return pairPrompts({ base: before.prompts, head: after.prompts, renames });
}

/**
 * Prompts that head's plan does not speak of, though their files are there: read by base's plan, by their ids. A
 * change that takes a prompt out of the config would otherwise take it out of the gate.
 */
async function stillThere(
  pairs: readonly Pair[],
  request: EstimateRequest,
): Promise<ReadonlyMap<string, Reading>> {
  const there = new Set(request.tree.paths);
  const watched = new Set(pairs.flatMap(({ head }) => head?.path ?? []));
  const lost = new Map(
    pairs.flatMap(({ base, head }) =>
      base !== undefined && head === undefined && there.has(base.path) && !watched.has(base.path)
        ? [[base.id, base] as const]
        : [],
    ),
  );
  if (lost.size === 0) return new Map();
  const paths = [...new Set([...lost.values()].map(({ path }) => path))];
  const found = await estimated({ ...request, paths, only: new Set(lost.keys()) });
  return new Map(
    found.flatMap((prompt) => {
      const base = lost.get(prompt.id);
      return base === undefined
        ? []
        : [[prompt.id, { base, head: prompt, basket: prompt }] as const];
    }),
  );
}

const pathsOf = (readings: ReadonlyMap<string, Reading>): readonly string[] =>
  [...readings.values()].flatMap(({ head }) => head?.path ?? []);

/** Files of head that no prompt stands for any more, because its id went over to another file. */
function passedOn(pairs: readonly Pair[], { paths }: FileTree): readonly string[] {
  const there = new Set(paths);
  const watched = new Set(pairs.flatMap(({ head }) => head?.path ?? []));
  return pairs.flatMap(({ base, head }) =>
    base !== undefined && head !== undefined && there.has(base.path) && !watched.has(base.path)
      ? [base.path]
      : [],
  );
}

interface Basket {
  readonly prompts: ReadonlyMap<string, CostedPrompt>;
  /** Base's plans by the ids of head. */
  readonly plans: ReadonlyMap<string, PlannedPrompt>;
}

/** Head's prompts at base's prices and with base's plans. Nothing is estimated again where both plans are one. */
async function basketOf(
  pairs: readonly Pair[],
  { before, after, worlds }: { before: Estimate; after: Estimate; worlds: Worlds },
  request: Omit<EstimateRequest, 'basket'>,
): Promise<Basket> {
  const plans = new Map<string, PlannedPrompt>();
  for (const { base, head } of pairs) {
    const plan = base === undefined ? undefined : before.planned.get(base.id);
    if (head !== undefined && plan !== undefined)
      plans.set(head.id, basketPlan(plan, after.planned.get(head.id)));
  }
  const isSame = (id: string): boolean =>
    worlds.base === worlds.head &&
    request.models?.has(id) !== true &&
    (!plans.has(id) || planText(plans.get(id)) === planText(after.planned.get(id)));
  const changed = after.prompts.filter(({ id }) => !isSame(id)).map(({ id }) => id);
  const prompts = new Map(after.prompts.map((prompt) => [prompt.id, prompt]));
  if (changed.length > 0)
    for (const prompt of await estimated({ ...request, basket: plans, only: new Set(changed) }))
      prompts.set(prompt.id, prompt);
  return { prompts, plans };
}

type Models = NonNullable<EstimateRequest['models']>;

/**
 * Models of base for prompts of which head names none. A change that takes the model out of a config would otherwise
 * make its own cost unknown, and pass where unknown costs only warn.
 */
function namelessOf(pairs: readonly Pair[]): Models {
  return new Map(
    pairs.flatMap(({ base, head }) =>
      head === undefined || head.model !== undefined || base?.model === undefined
        ? []
        : [[head.id, base.model.value] as const],
    ),
  );
}

const estimated = async (request: EstimateRequest): Promise<readonly CostedPrompt[]> =>
  (await estimatePrompts(request)).prompts;

/** Head as base's model would count and charge it, for prompts whose model changed. */
async function bridgeOf(
  pairs: readonly Pair[],
  { prompts, plans }: Basket,
  request: Omit<EstimateRequest, 'basket'>,
): Promise<ReadonlyMap<string, CostedPrompt>> {
  const models: Map<string, { readonly provider: string | undefined; readonly model: string }> =
    new Map();
  for (const { base, head } of pairs) {
    const same = head === undefined ? undefined : prompts.get(head.id);
    const [was, is] = [base?.model?.value, same?.model?.value];
    if (head === undefined || was === undefined || is === undefined) continue;
    if (was.model !== is.model || was.provider !== is.provider) models.set(head.id, was);
  }
  if (models.size === 0) return new Map();
  const bridged = await estimated({
    ...request,
    basket: plans,
    models,
    only: new Set(models.keys()),
  });
  return new Map(bridged.map((prompt) => [prompt.id, prompt]));
}

/** A plan as text, to tell whether two are one. Where it stands in its file matters to messages only. */
const planText = (plan: PlannedPrompt | undefined): string =>
  plan === undefined ? '' : `${textOf(plan.entry)} ${textOf(plan.defaults)}`;

/** Thousands of prompts share one entry. */
const texts = new WeakMap<object, string>();

function textOf(part: object | undefined): string {
  if (part === undefined) return '';
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = JSON.stringify(part, (key, value: unknown) => {
    if (key === 'origin') return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    return value instanceof Map ? [...value] : value;
  });
  texts.set(part, text);
  return text;
}

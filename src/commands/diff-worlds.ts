import type { ProjectSettings } from '../domain/project-settings.ts';
import { describedPrices } from '../gate/run/price-words.ts';
import type { Worlds } from '../gate/run/same-basket.ts';
import type { RulesInForce } from '../gate/run/two-trees.ts';
import { pricesDigest } from '../gate/run/prices-digest.ts';
import type { EstimateWorld } from '../prompts/estimate-request.ts';
import type { FileTree } from '../prompts/file-tree.ts';
import { fileId } from '../prompts/estimate-memo.ts';
import type { Runtime } from '../runtime.ts';
import type { DiffFlags } from './diff-trees.ts';
import { ledgerCalls } from './ledger-calls.ts';
import { compiledCards } from './rates-cards.ts';

/** Where the numbers of both trees come from, and how people are told of it. */
export interface DiffWorlds {
  readonly worlds: Worlds;
  /** `2026-11-01`, `2026-11-01 (snapshot .aicost/prices.yaml)`. */
  readonly prices: string;
  readonly countingRules: string;
  /** Tells the prices of the base from any others. */
  readonly pricesDigest: string;
  readonly close: () => void;
}

/** Opens prices, counting rules and ledger for two trees: once where both ask for the same. */
export async function openWorlds(
  { base: before, head, isFirst }: RulesInForce,
  flags: DiffFlags,
  runtime: Runtime,
  root: string,
): Promise<DiffWorlds> {
  const [{ projectPrices }, { estimateWorld }, { shippedCountingRules }, { openPromptReader }] =
    await Promise.all([
      import('../prompts/project-prices.ts'),
      import('../prompts/estimate-world.ts'),
      import('../config/counting-rules.ts'),
      import('../prompts/prompt-reader.ts'),
    ]);
  // A base without a config names no prices of its own.
  const base = isFirst ? head : before;
  const now = runtime.now();
  const compiled = await compiledCards(runtime, { write: true });
  const place = { root, now, compiled, rates: flags.rates ?? [] };
  const reader = await openPromptReader();
  const rules = shippedCountingRules();
  // A count is a fact of a request, whichever tree brings it: importing one changes no comparison. What base says holds.
  const counts = new Map([...head.counts, ...before.counts]);
  const rulesDay = base.settings.countingRules?.value;
  const ledger = await ledgerCalls(flags, runtime);
  const open = async (tree: FileTree, settings: ProjectSettings) => {
    const prices = await projectPrices(tree, settings, place);
    const world: EstimateWorld = estimateWorld({
      reader,
      prices,
      rules,
      counts,
      ...(rulesDay === undefined ? {} : { rulesDay }),
      ...(ledger === undefined ? {} : { callsOf: ledger.callsOf }),
    });
    return { world, asOf: prices.asOf, cards: prices.byProvider };
  };
  const old = await open(base.tree, base.settings);
  const same =
    (await pricesKey(base.tree, base.settings)) === (await pricesKey(head.tree, head.settings));
  const fresh = same ? old : await open(head.tree, head.settings);
  const words = describedPrices(base.settings);
  return {
    worlds: { base: old.world, head: fresh.world },
    prices: `${old.asOf}${words === 'bundled' ? '' : ` (${words})`}`,
    countingRules: rulesDay ?? rules.asOf,
    pricesDigest: pricesDigest(old.cards, base.settings),
    close: () => ledger?.close(),
  };
}

/** Equal where two trees have the same prices: what their configs ask for, and the contents of the cards they name. */
async function pricesKey(
  tree: FileTree,
  { prices, rates, deployments }: ProjectSettings,
): Promise<string> {
  const named = [
    ...(prices?.kind === 'snapshot' ? [prices.path.value] : []),
    ...rates.filter(({ outside }) => !outside).map(({ value }) => value),
  ];
  const files = tree.paths.filter((path) =>
    named.some((name) => path === name || path.startsWith(`${name}/`)),
  );
  const ids = await Promise.all(files.map(async (path) => [path, fileId(await tree.read(path))]));
  const day = prices?.kind === 'bundled' ? prices.day.value : '';
  const outside = rates.map(({ value }) => value);
  return JSON.stringify([day, named, outside, ids, deploymentsText(deployments)]);
}

const deploymentsText = (deployments: ProjectSettings['deployments']): string =>
  JSON.stringify(deployments, (_key, value: unknown) =>
    value instanceof Map ? [...value] : value,
  ) ?? '';

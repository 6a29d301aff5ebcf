import { resolve } from 'node:path';
import { type CardFile, cardFiles, ownCardFiles } from '../config/card-files.ts';
import type { CompiledFiles } from '../config/compiled-files.ts';
import { KIND, ownFiles } from '../config/overlay-files.ts';
import { type CardsByProvider, openCards } from '../config/rate-cards.ts';
import { pathMatcher } from '../domain/path-globs.ts';
import type { ProjectSettings } from '../domain/project-settings.ts';
import type { Written } from '../domain/prompt-plan.ts';
import { createRateBook } from '../domain/rate-book.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { UserError } from '../errors.ts';
import type { PriceBooks } from './cost/model-prices.ts';
import { type FileTree, treeWords } from './file-tree.ts';
import { readTreeText } from './format-contract/tree-text.ts';

/** Where prices of a tree come from besides its files. */
export interface PricesPlace {
  /** Folder of the system that the tree's root is, for cards that lie outside it. */
  readonly root: string;
  readonly now: number;
  /** Cards that earlier runs compiled. */
  readonly compiled?: CompiledFiles;
  /** Own cards of `--rates`: files or folders of the system. */
  readonly rates?: readonly string[];
}

/** All cards of a tree opened, without the steps of caches, which counting rules know. */
export type ProjectPrices = Omit<PriceBooks, 'cacheStep'> &
  Pick<CardsByProvider, 'asOf' | 'byProvider'>;

/**
 * Opens the prices that hold for a tree: the shipped cards, over them `rates:` and the snapshot of the tree, over all
 * of them `--rates`. `prices: {bundled: DAY}` asks for the prices of that day. Throws UserError, located, for
 * a card that is not there or not sound.
 */
export async function projectPrices(
  tree: FileTree,
  settings: ProjectSettings,
  place: PricesPlace,
): Promise<ProjectPrices> {
  const { prices, rates, deployments } = settings;
  const snapshot = prices?.kind === 'snapshot' ? [prices.path] : [];
  const own: CardFile[] = [];
  for (const path of [...rates.filter(({ outside }) => !outside), ...snapshot])
    own.push(...(await cardsIn(tree, path)));
  const elsewhere = rates.filter(({ outside }) => outside);
  const outside = [
    ...elsewhere.map(({ value }) => resolve(place.root, value)),
    ...(place.rates ?? []),
  ];
  own.push(...ownCardFiles(ownFiles(outside).cards));
  const { cards, asOf, byProvider } = openCards(
    [...cardFiles([]), ...own],
    place.now,
    place.compiled,
  );
  const mine = openCards(own, place.now, place.compiled).byProvider;
  return {
    cards,
    asOf,
    byProvider,
    own: mine.map(({ provider }) => provider),
    book: createRateBook(cards, undefined, deployments),
    time: timeOf(prices) ?? place.now,
  };
}

/** The first instant of the day whose prices are asked for. */
function timeOf(prices: ProjectSettings['prices']): number | undefined {
  return prices?.kind === 'bundled' ? parseUtcTime(prices.day.value) : undefined;
}

const isCard = pathMatcher('*.{yaml,yml,json}') ?? (() => false);
/** The card, or the cards of the folder, at a path of a tree. Contracts and own hardware beside them are none. */
async function cardsIn(
  tree: FileTree,
  { value: path, origin }: Written<string>,
): Promise<readonly CardFile[]> {
  const below = tree.paths.filter(
    (each) => each.startsWith(`${path}/`) && isCard(each.slice(path.length + 1)),
  );
  const cards: CardFile[] = [];
  for (const file of below.length > 0 ? below : [path]) {
    const found = await readTreeText(tree, file);
    if (found.kind === 'missing')
      throw new UserError(
        found.finding.code === 'missing-file'
          ? `no rate card at "${path}" in ${treeWords(tree)}`
          : found.finding.message,
        { origin, hint: 'Name a rate card of the repository, or a folder of them.' },
      );
    const kind = KIND.exec(found.text)?.[1] ?? 'rate_card';
    if (kind === 'rate_card') cards.push({ file, shipped: false, text: found.text });
  }
  return cards;
}

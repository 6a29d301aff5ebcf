import type { Waiver } from '../../domain/gate-policy.ts';
import type { ProjectSettings } from '../../domain/project-settings.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import { PROJECT_FILE, readCounts, readProject, readWaivers } from '../../prompts/project.ts';
import { describedPrices } from './price-words.ts';
import type { GateRules } from '../policy-changes.ts';

/** What a tree says of prompts, limits and waivers. */
export interface TreeRules {
  readonly tree: FileTree;
  readonly settings: ProjectSettings;
  readonly waivers: readonly Waiver[];
  /** Counts of providers' own endpoints, by key. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The rules of both trees, and whose hold. */
export interface RulesInForce {
  readonly base: TreeRules;
  readonly head: TreeRules;
  /** Limits and waivers that count. */
  readonly rules: GateRules;
  readonly policyFrom: 'base' | 'head';
  /** The base has no config: head's plan stands in for it. */
  readonly isFirst: boolean;
}

/**
 * Reads config, waivers and imported counts of a tree. What `like` has read of an equal file is taken as it is, so that plans which
 * are one are one object. Throws UserError, located.
 */
export async function readTreeRules(
  tree: FileTree,
  config: string | undefined,
  like?: TreeRules,
): Promise<TreeRules> {
  const isLike = like !== undefined && (await isSameFile(tree, like.tree, config ?? PROJECT_FILE));
  const [settings, waivers, counts] = await Promise.all([
    isLike ? like.settings : readProject(tree, config),
    readWaivers(tree),
    readCounts(tree),
  ]);
  return { tree, settings, waivers, counts };
}

async function isSameFile(one: FileTree, other: FileTree, path: string): Promise<boolean> {
  const [a, b] = await Promise.all([one.read(path), other.read(path)]);
  return a.kind === 'file' && b.kind === 'file' && a.id === b.id;
}

/**
 * Decides whose limits hold: base's, so that a change cannot loosen its own gate, unless base itself leaves it to
 * head. A base without a config has head's.
 */
export function rulesInForce(base: TreeRules, head: TreeRules): RulesInForce {
  const isFirst = base.settings.file === undefined && head.settings.file !== undefined;
  const policyFrom = isFirst || base.settings.policySource === 'head' ? 'head' : 'base';
  const decides = policyFrom === 'head' ? head : base;
  return {
    base: isFirst ? { ...base, settings: head.settings } : base,
    head,
    rules: gateRules(decides, policyFrom),
    policyFrom,
    isFirst,
  };
}

/** The gate of a tree in a form that can be compared. */
export const gateRules = (
  { settings, waivers }: TreeRules,
  policySource: 'base' | 'head' = settings.policySource,
): GateRules => ({
  policy: settings.gate,
  policySource,
  waivers,
  other: new Map([
    ['prices', describedPrices(settings)],
    ...(settings.countingRules === undefined
      ? []
      : [['rules.counting', settings.countingRules.value] as const]),
  ]),
});

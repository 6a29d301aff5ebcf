import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { changeLabels } from '../gate/trees/change-labels.ts';
import { commitMessages } from '../gate/trees/commit-messages.ts';
import { openComparison, openWorkingTree } from '../gate/trees/comparison.ts';
import { openHeadAlone } from '../gate/trees/head-alone.ts';
import { renamesBetween } from '../gate/trees/renames.ts';
import { mustBeRepository } from '../gate/trees/repository.ts';
import type { Comparison } from '../gate/comparison-result.ts';
import { runDiff } from '../gate/run/diff-run.ts';
import type { FindRenames } from '../gate/run/same-basket.ts';
import { readTreeRules, rulesInForce, type TreeRules } from '../gate/run/two-trees.ts';
import type { FileTree } from '../prompts/file-tree.ts';
import { readProject } from '../prompts/project.ts';
import type { Runtime } from '../runtime.ts';
import { openWorlds } from './diff-worlds.ts';

/** Flags that decide what is compared and how it is judged. */
export interface DiffFlags {
  readonly base?: string;
  readonly head?: string;
  readonly only?: readonly string[];
  readonly config?: string;
  readonly rates?: readonly string[];
  readonly ledger?: string;
  readonly fetch: boolean;
  readonly baseMissing?: 'absolute';
  readonly strict?: boolean;
  readonly approvedLabel?: string;
  readonly id?: string;
}

/** The two trees of a run, or head alone. */
interface Trees {
  readonly base: { readonly tree: FileTree; readonly commit: string } | undefined;
  readonly head: { readonly tree: FileTree; readonly commit: string | undefined };
  readonly how: string;
  readonly close: () => Promise<void>;
}

/** Finds and compares the two trees that the flags and the environment mean. Throws UserError. */
export async function compareTrees(flags: DiffFlags, runtime: Runtime): Promise<Comparison> {
  const { root } = await mustBeRepository(runtime, { network: false });
  const config = configPath(flags.config, runtime.cwd, root);
  const trees = await openTrees(flags, runtime, config);
  try {
    const { base, head, how } = trees;
    const after = await readTreeRules(head.tree, config);
    const rules = rulesInForce(
      base === undefined ? after : await rulesOfBase(base.tree, config, after),
      after,
    );
    const { close, ...worlds } = await openWorlds(rules, flags, runtime, root ?? runtime.cwd);
    return await runDiff({
      ...worlds,
      base: base === undefined ? undefined : { name: base.tree.name, commit: base.commit },
      head: { name: head.tree.name, commit: head.commit ?? null },
      how,
      rules,
      findRenames: finder(trees),
      only: flags.only ?? [],
      id: flags.id,
      strict: flags.strict === true,
      now: runtime.now(),
      approvedLabel: approvedLabel(flags, runtime),
      commitMessages: rules.rules.policy.allowTrailers ? await messagesOf(trees, runtime) : [],
    }).finally(close);
  } finally {
    await trees.close();
  }
}

/** The label that waives everything, where the pull request bears it. */
export const approvedLabel = (
  { approvedLabel: label }: DiffFlags,
  { env }: Runtime,
): string | undefined =>
  label !== undefined && changeLabels(env).includes(label) ? label : undefined;

/** A config of base that cannot be read is nothing that this change can mend: undecided (3), and said to be base's. */
export async function rulesOfBase(
  tree: FileTree,
  config: string | undefined,
  like: TreeRules,
): Promise<TreeRules> {
  try {
    return await readTreeRules(tree, config, like);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message}, in the base ${tree.name}`, {
      ...(error.origin === undefined ? {} : { origin: error.origin }),
      hint: 'Mend it in the base first, or compare with a commit before it: --base.',
      exitCode: ExitCode.undecided,
    });
  }
}

async function openTrees(
  flags: DiffFlags,
  runtime: Runtime,
  config: string | undefined,
): Promise<Trees> {
  try {
    const { trees, base, head, how, close } = await openComparison(runtime, {
      base: flags.base,
      head: flags.head,
      configuredBase: await configuredBase(flags, runtime, config),
      fetch: flags.fetch,
    });
    const commit = head.kind === 'commit' ? head.commit : undefined;
    return {
      base: { tree: trees.base, commit: base },
      head: { tree: trees.head, commit },
      how,
      close,
    };
  } catch (error) {
    const isMissing = error instanceof UserError && error.exitCode === ExitCode.undecided;
    if (flags.baseMissing !== 'absolute' || !isMissing) throw error;
    const { tree, commit, close } = await openHeadAlone(runtime, flags.head);
    return { base: undefined, head: { tree, commit }, how: error.message, close };
  }
}

/** `base:` of the config in the working tree, which counts where nobody else says what the base is. */
async function configuredBase(
  { base }: DiffFlags,
  runtime: Runtime,
  config: string | undefined,
): Promise<string | undefined> {
  if (base !== undefined || (runtime.env['AICOST_BASE'] ?? '') !== '') return undefined;
  const { tree, close } = await openWorkingTree(runtime);
  try {
    return (await readProject(tree, config)).base?.value;
  } finally {
    await close();
  }
}

const finder =
  ({ base, head }: Trees): FindRenames =>
  async (paths) => {
    if (base === undefined) return new Map();
    const renames = await renamesBetween({ base: base.tree, head: head.tree }, paths);
    return new Map(renames.map(({ from, to }) => [to, from]));
  };

async function messagesOf({ base, head }: Trees, runtime: Runtime): Promise<readonly string[]> {
  if (base === undefined) return [];
  const { git } = await mustBeRepository(runtime, { network: false });
  return commitMessages(git, { base: base.commit, head: head.commit ?? 'HEAD' });
}

/** `--config` as a path of the tree. Throws UserError for one outside the repository. */
export function configPath(
  config: string | undefined,
  cwd: string,
  root: string | undefined,
): string | undefined {
  if (config === undefined) return undefined;
  const path = pathWithin(root ?? cwd, resolve(cwd, config));
  if (path === undefined)
    throw new UserError(`--config ${config}: it is outside the repository`, {
      hint: 'Both sides of a comparison have their own config: name one that git knows.',
    });
  return path;
}

/** A path of the system as one below a root, with `/`; undefined outside it. */
export function pathWithin(root: string, file: string): string | undefined {
  const path = relative(root, file);
  return isAbsolute(path) || path.startsWith('..') ? undefined : path.split(sep).join('/');
}

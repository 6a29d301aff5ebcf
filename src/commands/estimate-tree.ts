import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { ProjectSettings } from '../domain/project-settings.ts';
import { UserError } from '../errors.ts';
import type { FileTree } from '../prompts/file-tree.ts';
import type { Runtime } from '../runtime.ts';
import { findUpward } from './places.ts';
import type { CommonFlags } from './session.ts';

/** The files an estimate looks at, and what their config says. */
export interface EstimateTree {
  readonly tree: FileTree;
  /** Folder of the system that the tree's root is. */
  readonly root: string;
  /** What was named on the command line, as paths of the tree; absent without. */
  readonly paths?: readonly string[];
  readonly settings: ProjectSettings;
  /** Counts of providers' own endpoints, by key. */
  readonly counts: ReadonlyMap<string, number>;
  /** Own cards of a config outside the tree, and of `--rates`. */
  readonly rates: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Opens the working tree that somebody stands in, or the folder of the first path where one lies outside it.
 * Throws UserError for a path that is not there.
 */
export async function openEstimateTree(
  paths: readonly string[],
  flags: CommonFlags,
  { cwd, env }: Runtime,
): Promise<EstimateTree> {
  const wanted = paths.map((path) => real(resolve(cwd, path), path));
  let standing = await standingIn(real(cwd, cwd), env);
  const [first] = wanted;
  if (first !== undefined && wanted.some((path) => treePath(standing.root, path) === undefined)) {
    await standing.close();
    standing = await standingIn(statSync(first).isDirectory() ? first : dirname(first), env);
  }
  const { root, tree, close } = standing;
  const inside = wanted.map((path, index) => {
    const found = treePath(root, path);
    if (found !== undefined) return found;
    throw new UserError(`${paths[index] ?? path} does not belong to ${root}`, {
      hint: 'Estimate the prompts of one folder at a time.',
    });
  });
  const settings = await settingsOf(tree, root, flags, cwd);
  const { readCounts } = await import('../prompts/project.ts');
  return {
    tree,
    root,
    close,
    ...settings,
    counts: await readCounts(tree),
    ...(inside.length === 0 ? {} : { paths: inside }),
    rates: [...settings.rates, ...(flags.rates ?? []).map((path) => resolve(cwd, path))],
  };
}

async function standingIn(cwd: string, env: Runtime['env']) {
  // Outside a repository nothing has to be asked of git, which need not be there.
  if (findUpward(cwd, '.git') !== undefined)
    return (await import('../gate/trees/comparison.ts')).openWorkingTree({ cwd, env });
  const { folderTree } = await import('../gate/trees/folder-tree.ts');
  const root = folderOfPlan(cwd) ?? cwd;
  return { root, tree: await folderTree(root), close: () => Promise.resolve() };
}

/** The folder upward whose config speaks of prompts. One in a home that names a ledger makes no tree of the home. */
function folderOfPlan(cwd: string): string | undefined {
  const config = findUpward(cwd, CONFIG);
  if (config === undefined) return undefined;
  const plans = /^(?:prompts|workspaces|defaults|gate|prices|rules|images)[ \t]*:/m;
  return plans.test(readFileSync(config, 'utf8')) ? dirname(config) : undefined;
}

const CONFIG = 'aicost.yaml';

function real(path: string, shown: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new UserError(`there is no file or folder ${shown}`, { cause });
  }
}

/** A path of the system as one of the tree, '' for its root; `undefined` outside it. */
function treePath(root: string, path: string): string | undefined {
  const below = relative(realpathSync(root), path);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return below.split(sep).join('/');
}

/** The config nearest upward within the tree, or the one that was named. One above the tree says which prices hold, not which prompts there are. */
async function settingsOf(
  tree: FileTree,
  root: string,
  { config }: CommonFlags,
  cwd: string,
): Promise<{ readonly settings: ProjectSettings; readonly rates: readonly string[] }> {
  const [{ readProject }, { decodeProject, NO_PROJECT }] = await Promise.all([
    import('../prompts/project.ts'),
    import('../config/project-file.ts'),
  ]);
  const from = cwdWithin(root, cwd);
  const file = config === undefined ? findUpward(from, CONFIG) : resolve(cwd, config);
  if (file === undefined) return { settings: NO_PROJECT, rates: [] };
  if (config !== undefined && !existsSync(file))
    throw new UserError(`cannot read config ${file}`, { hint: 'Name another with --config.' });
  const inside = treePath(root, realpathSync(file));
  if (inside !== undefined) return { settings: await readProject(tree, inside), rates: [] };
  if (config !== undefined)
    return { settings: decodeProject(readFileSync(file, 'utf8'), config, ''), rates: [] };
  const { readSettings } = await import('../config/settings.ts');
  const { rates, deployments } = await readSettings(file);
  return {
    settings: { ...NO_PROJECT, ...(deployments === undefined ? {} : { deployments }) },
    rates,
  };
}

const cwdWithin = (root: string, cwd: string): string =>
  treePath(root, realpathSync(cwd)) === undefined ? root : cwd;

import { nearest } from '../domain/nearest.ts';
import { pathMatcher } from '../domain/path-globs.ts';
import type { PromptEntry, PromptPlan } from '../domain/prompt-plan.ts';
import { UserError } from '../errors.ts';
import { type FileTree, treeWords } from './file-tree.ts';

/** A file that holds prompts, and the entry of the plan that speaks of it. */
export interface PlannedFile {
  readonly path: string;
  readonly entry?: PromptEntry;
  /** Nobody named it: it was found by its usual name. */
  readonly found: boolean;
}

/** Which files of a tree a plan speaks of. */
export interface WantedFiles {
  readonly tree: FileTree;
  readonly plan: PromptPlan;
  /** Paths that hold prompts by the usual names, of those given. */
  readonly conventional: (paths: readonly string[]) => readonly string[];
  /** Files and folders to keep to; everything when absent. */
  readonly paths?: readonly string[];
  /** Entries that fit no file are left out. */
  readonly mayLackFiles?: true;
}

/**
 * The files to read, with their entries. An entry with a path goes before one with a pattern, otherwise the first
 * that fits speaks for a file; a path may stand in several entries, which are prompts of their own. Throws UserError,
 * located, for an entry that fits no file, unless the tree may lack some, and for a wanted path that is not there.
 */
export async function plannedFiles(wanted: WantedFiles): Promise<readonly PlannedFile[]> {
  const { tree, plan, conventional, paths, mayLackFiles } = wanted;
  if (paths === undefined) {
    if (plan.entries.length === 0)
      return conventional(tree.paths).map((path) => ({ path, found: true }));
    const planned = entryFiles(plan.entries, tree);
    if (mayLackFiles !== true) refuseIdleEntries(plan.entries, planned, tree);
    return planned;
  }
  const speaksOf = entriesOf(plan.entries);
  const files = new Map<string, readonly PlannedFile[]>();
  for (const path of paths) {
    const file = path === '' ? { kind: 'absent' } : await tree.read(path);
    const below = file.kind === 'absent' ? filesBelow(path, wanted) : [path];
    if (below.length === 0) throw notThere(path, tree);
    for (const each of below) {
      const entries = speaksOf(each);
      files.set(
        each,
        entries.length === 0
          ? [{ path: each, found: each !== path }]
          : entries.map((entry) => ({ path: each, entry, found: false })),
      );
    }
  }
  return [...files.values()].flat();
}

/** Prompts below a folder: those that the plan speaks of, or, where it speaks of none, those with usual names. */
function filesBelow(folder: string, { tree, plan, conventional }: WantedFiles): readonly string[] {
  const below = tree.paths.filter((path) => folder === '' || path.startsWith(`${folder}/`));
  const speaksOf = entriesOf(plan.entries);
  const planned = below.filter((path) => speaksOf(path).length > 0);
  return planned.length > 0 ? planned : conventional(below);
}

/** Entries that speak of a path. */
function entriesOf(entries: readonly PromptEntry[]): (path: string) => readonly PromptEntry[] {
  const byPath = new Map<string, PromptEntry[]>();
  for (const entry of entries)
    if (!entry.files.pattern) {
      const among = byPath.get(entry.files.value) ?? [];
      byPath.set(entry.files.value, among);
      among.push(entry);
    }
  const patterns = entries
    .filter(({ files }) => files.pattern)
    .map((entry) => ({ entry, fits: pathMatcher(entry.files.value) }));
  return (path) => {
    const named = byPath.get(path);
    if (named !== undefined) return named;
    const fitting = patterns.find(({ fits }) => fits?.(path) === true);
    return fitting === undefined ? [] : [fitting.entry];
  };
}

function entryFiles(entries: readonly PromptEntry[], tree: FileTree): readonly PlannedFile[] {
  const speaksOf = entriesOf(entries);
  return tree.paths.flatMap((path) =>
    speaksOf(path).map((entry) => ({ path, entry, found: false })),
  );
}

function refuseIdleEntries(
  entries: readonly PromptEntry[],
  planned: readonly PlannedFile[],
  tree: FileTree,
): void {
  const used = new Set(planned.map(({ entry }) => entry));
  for (const entry of entries) {
    if (used.has(entry)) continue;
    const { files } = entry;
    const fits = pathMatcher(files.value);
    const covered = files.pattern && tree.paths.some((path) => fits?.(path) === true);
    // A pattern whose files other entries name has nothing left to say, which is no mistake.
    if (!covered) throw fitsNothing(entry, tree);
  }
}

function fitsNothing({ files }: PromptEntry, tree: FileTree): UserError {
  const close = nearest(files.value, tree.paths);
  const meant = close === undefined ? '' : `; did you mean "${close}"?`;
  return new UserError(
    files.pattern
      ? `no file of ${treeWords(tree)} fits the pattern "${files.value}"`
      : `there is no file "${files.value}" in ${treeWords(tree)}${meant}`,
    {
      origin: files.origin,
      hint: 'A path is relative to the folder of aicost.yaml; take the entry out if its prompt is gone.',
    },
  );
}

function notThere(path: string, tree: FileTree): UserError {
  const close = nearest(path, tree.paths);
  return new UserError(
    path === ''
      ? `${treeWords(tree)} has no prompts by the usual names`
      : `there is no prompt at "${path}" in ${treeWords(tree)}`,
    {
      hint:
        close === undefined
          ? 'Name files, or list them under prompts: in aicost.yaml.'
          : `Did you mean ${close}?`,
    },
  );
}

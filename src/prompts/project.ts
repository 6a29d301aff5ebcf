import { COUNTS_PATH, decodeImportedCounts } from '../config/imported-counts.ts';
import { decodeProject, NO_PROJECT } from '../config/project-file.ts';
import { decodeWaivers, WAIVERS_PATH } from '../config/waivers-file.ts';
import type { Waiver } from '../domain/gate-policy.ts';
import type { ProjectSettings } from '../domain/project-settings.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { FileTree } from './file-tree.ts';
import { folderOf } from './format-contract/tree-paths.ts';
import { readTreeText } from './format-contract/tree-text.ts';

/** Name of the config, in the root of a tree unless somebody names another. */
export const PROJECT_FILE = 'aicost.yaml';

/** Reads the config of a tree; what holds without one where it is absent. Throws UserError, located. */
export async function readProject(
  tree: FileTree,
  path: string = PROJECT_FILE,
): Promise<ProjectSettings> {
  const text = await settingsText(tree, path);
  return text === undefined ? NO_PROJECT : decodeProject(text, path, folderOf(path));
}

/** Reads the waivers of a tree; none where the file is absent. Throws UserError, located. */
export async function readWaivers(tree: FileTree): Promise<readonly Waiver[]> {
  const text = await settingsText(tree, WAIVERS_PATH);
  return text === undefined ? [] : decodeWaivers(text, WAIVERS_PATH);
}

/** Reads the counts of providers' endpoints that a tree holds, by key; none where the file is absent. Throws UserError, located. */
export async function readCounts(tree: FileTree): Promise<ReadonlyMap<string, number>> {
  const text = await settingsText(tree, COUNTS_PATH);
  return text === undefined ? new Map() : decodeImportedCounts(text, COUNTS_PATH);
}

/** Text of a file that decides; one that is there and cannot be read must not pass for absent. */
async function settingsText(tree: FileTree, path: string): Promise<string | undefined> {
  const found = await readTreeText(tree, path);
  if (found.kind === 'text') return found.text.replace(/^\uFEFF/, '');
  if (found.finding.code === 'missing-file') return undefined;
  // Content that is elsewhere is no mistake of whoever wrote the file: without it nothing can be decided.
  const isElsewhere = found.finding.code === 'unresolved-file';
  throw new UserError(found.finding.message, {
    origin: { file: path },
    ...(isElsewhere
      ? {
          exitCode: ExitCode.undecided,
          hint: 'It decides what holds: fetch its content, and leave out --no-fetch where that forbids it.',
        }
      : {}),
  });
}

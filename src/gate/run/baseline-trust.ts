import { ExitCode, UserError } from '../../errors.ts';
import { fileId } from '../../prompts/estimate-memo.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import { type Baseline, REWRITE } from './baseline-decoder.ts';
import { type BaselineFacts, linesOf } from './baseline-file.ts';

/** What a baseline is held against before anything is compared with it. */
export interface InForce extends Pick<BaselineFacts, 'prices' | 'rules'> {
  /** The tree of the commit that changed the baseline last. */
  readonly writtenIn: FileTree;
  /** The history that is there ends with that commit, which may have changed nothing. */
  readonly cutOff: boolean;
}

/** Throws UserError (3) for a baseline that was made with other prices or rules, or of other files than were committed with it. */
export async function mustBeFresh(
  baseline: Baseline,
  { prices, rules, writtenIn, cutOff }: InForce,
  file: string,
): Promise<void> {
  if (baseline.rules !== rules)
    throw stale(
      file,
      `it was counted by the rules of ${baseline.rules}, and those of ${rules} hold`,
    );
  if (baseline.prices !== prices)
    throw stale(file, `it was made with prices ${baseline.prices}, and ${prices} hold`);
  const changed = await changedFile(baseline, writtenIn);
  if (changed === undefined) return;
  if (cutOff)
    throw new UserError(
      `${changed} differs, and the history that would say since when is cut off`,
      {
        origin: { file },
        hint: 'Fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in a workflow.',
        exitCode: ExitCode.undecided,
      },
    );
  throw stale(
    file,
    `${changed} was another one already in ${writtenIn.name}, where it was committed`,
  );
}

async function changedFile(
  { prompts, config }: Baseline,
  tree: FileTree,
): Promise<string | undefined> {
  if (config !== undefined) {
    const found = await tree.read(config.path);
    const text =
      found.kind === 'file'
        ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes)
        : undefined;
    if (text === undefined || linesOf(text).join('\n') !== config.lines.join('\n'))
      return config.path;
  }
  const files = new Map(prompts.flatMap(({ counted }) => [...counted.files]));
  const ids = await Promise.all(
    [...files].map(async ([path, id]) => ({ path, same: fileId(await tree.read(path)) === id })),
  );
  return ids.find(({ same }) => !same)?.path;
}

const stale = (file: string, why: string): UserError =>
  new UserError(`the baseline is stale: ${why}`, {
    origin: { file },
    hint: REWRITE,
    exitCode: ExitCode.undecided,
  });

import type { PromptPlan } from '../../domain/prompt-plan.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { ownedPrompt, workspaces } from '../../prompts/estimate.ts';
import { fileId } from '../../prompts/estimate-memo.ts';
import type { EstimateWorld, Estimate, PlannedPrompt } from '../../prompts/estimate-request.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import { pricedPrompt } from '../../prompts/priced-prompt.ts';
import { type Baseline, REWRITE } from './baseline-decoder.ts';
import type { FindRenames } from './same-basket.ts';

/** A tree that holds a baseline's config and nothing else. */
export function configTree({ config }: Baseline, name: string): FileTree {
  const bytes = new TextEncoder().encode(config?.lines.join('\n'));
  return {
    name,
    paths: config === undefined ? [] : [config.path],
    read: (path) =>
      Promise.resolve(
        path === config?.path ? { kind: 'file', bytes, id: `of ${name}` } : { kind: 'absent' },
      ),
  };
}

/** A baseline as the side that the tree of a base would be: its counts, at the prices and volumes that hold now. */
export function baselineSide(
  { prompts, findings }: Baseline,
  plan: PromptPlan,
  world: EstimateWorld,
  file: string,
): Estimate {
  const planned = new Map<string, PlannedPrompt>();
  const workspaceOf = workspaces(plan.workspaces);
  const costed = prompts.map(({ counted, namedBy, entry: index }) => {
    const entry = index === null ? undefined : plan.entries[index];
    if (index !== null && entry === undefined)
      throw new UserError(
        `"${counted.id}" is said to be entry ${index} of a config with ${plan.entries.length}`,
        {
          origin: { file },
          hint: REWRITE,
          exitCode: ExitCode.undecided,
        },
      );
    const said = { defaults: plan.defaults, ...(entry === undefined ? {} : { entry }) };
    planned.set(counted.id, said);
    return { ...ownedPrompt(pricedPrompt(counted, said, { world }), said, workspaceOf), namedBy };
  });
  costed.sort((one, other) => (one.id < other.id ? -1 : 1));
  return { prompts: costed, ids: costed.map(({ id }) => id), planned, findings };
}

/** Finds files that moved and stayed as they were: a baseline has no contents to compare edited ones with. */
export function renamesSince({ prompts }: Baseline, head: FileTree): FindRenames {
  const ids = new Map(
    prompts.map(({ counted: { prompt, files } }) => [prompt.path, files.get(prompt.path)]),
  );
  return async ({ base, head: now }) => {
    const there = new Set(now);
    const gone = new Map(
      base.filter((path) => !there.has(path)).map((path) => [ids.get(path), path]),
    );
    const fresh = now.filter((path) => !ids.has(path));
    const found = await Promise.all(
      fresh.map(async (path) => [path, gone.get(fileId(await head.read(path)))] as const),
    );
    return new Map(
      found.flatMap(([to, from]) => (from === undefined ? [] : [[to, from] as const])),
    );
  };
}

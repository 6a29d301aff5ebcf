import { rememberedWork } from './estimate-memo.ts';
import type { EstimateRequest } from './estimate-request.ts';
import type { Finding } from './finding.ts';
import { ENGINES, type Engine } from './format-contract/prompt-format.ts';
import { plannedFiles } from './planned-files.ts';
import type { Prompt } from './prompt.ts';
import { promptIds, type PromptId, type UnnamedPrompt } from './prompt-ids.ts';

/** A prompt with its id and the entry that speaks of it. */
export type NamedPrompt = UnnamedPrompt & PromptId;

/** Reads the prompts that a plan speaks of, and names them. Throws UserError where the plan does not fit the tree. */
export async function readPlanned(
  request: EstimateRequest,
): Promise<{ readonly prompts: readonly NamedPrompt[]; readonly findings: readonly Finding[] }> {
  const { tree, plan, paths, mayLackFiles, flags, memo } = request;
  const { reader } = request.world;
  const files = await plannedFiles({
    tree,
    plan,
    conventional: reader.conventional,
    ...(paths === undefined ? {} : { paths }),
    ...(mayLackFiles === undefined ? {} : { mayLackFiles }),
  });
  const read = await Promise.all(
    files.map(async ({ path, entry, found }) => {
      const engine = flags?.engine ?? engineOf(entry?.engine ?? plan.defaults.engine);
      const role = entry?.role ?? plan.defaults.role;
      const options = {
        found,
        ...(engine === undefined ? {} : { engine }),
        ...(role === undefined ? {} : { role }),
      };
      const inFile = await rememberedWork(
        memo,
        `read ${path} ${engine ?? ''} ${role ?? ''} ${found}`,
        tree,
        (recorded) => reader.read(recorded, path, options),
      );
      return { ...withoutGaps(path, inFile), path, found, entry };
    }),
  );
  // A prompt file that a test suite brings along with its variables is that prompt, and not another one.
  const brought = new Set(
    read.flatMap(({ path, prompts }) =>
      prompts.flatMap((prompt) => (prompt.path === path ? [] : [prompt.path])),
    ),
  );
  const own = read.filter(({ path, found }) => !found || !brought.has(path));
  const unnamed = own.flatMap(({ prompts, path, entry }) =>
    prompts.map((prompt, index) => ({
      prompt,
      file: path,
      ordinal: index + 1,
      siblings: prompts.length,
      ...(entry === undefined ? {} : { entry }),
    })),
  );
  const ids = promptIds(unnamed);
  return {
    prompts: unnamed.flatMap((prompt, index) => {
      const id = ids[index];
      return id === undefined ? [] : [{ ...prompt, ...id }];
    }),
    findings: read.flatMap(({ findings }) => findings),
  };
}

/** A file that should hold prompts and shows none stays in sight, as a prompt of which nothing is known. */
function withoutGaps(path: string, { prompts, findings }: ReadPrompts): ReadPrompts {
  const broken = prompts.length === 0 && findings.some(({ level }) => level === 'error');
  return broken ? { prompts: [unreadable(path, findings)], findings: [] } : { prompts, findings };
}

interface ReadPrompts {
  readonly prompts: readonly Prompt[];
  readonly findings: readonly Finding[];
}

const unreadable = (path: string, findings: readonly Finding[]): Prompt => ({
  path,
  line: 1,
  format: 'unknown',
  variables: [],
  defaults: new Map(),
  samples: [],
  tools: [],
  inputs: [path],
  findings,
  render: () => ({ messages: [], findings: [] }),
});

const engineOf = (name: string | undefined): Engine | undefined =>
  ENGINES.find((engine) => engine === name);

import { nearest } from '../domain/nearest.ts';
import { pathMatcher } from '../domain/path-globs.ts';
import type { Workspace } from '../domain/prompt-plan.ts';
import { quote } from '../errors.ts';
import type { CostedPrompt } from './costed-prompt.ts';
import { rememberedWork } from './estimate-memo.ts';
import type {
  Estimate,
  EstimateFlags,
  EstimateRequest,
  PlannedPrompt,
} from './estimate-request.ts';
import type { Finding } from './finding.ts';
import { measurePrompt } from './measured-prompt.ts';
import { planKey } from './plan-key.ts';
import { pricedPrompt } from './priced-prompt.ts';
import { type NamedPrompt, readPlanned } from './read-planned.ts';

/**
 * What the prompts of a tree cost. Throws UserError for a plan that does not fit the tree (a pattern without
 * files, one id for two prompts); whatever a prompt's file says is a finding of its own prompt.
 */
export async function estimatePrompts(request: EstimateRequest): Promise<Estimate> {
  const { plan, only } = request;
  const { prompts, findings } = await readPlanned(request);
  const workspaceOf = workspaces(plan.workspaces);
  const wanted = prompts.filter(({ id }) => only === undefined || only.has(id));
  const planned = new Map<string, PlannedPrompt>();
  const costed = await Promise.all(
    wanted.map(async ({ prompt, entry, id, namedBy, findings: ofId }) => {
      const said: PlannedPrompt = {
        defaults: plan.defaults,
        ...(entry === undefined ? {} : { entry }),
      };
      planned.set(id, said);
      const measured = await rememberedWork(
        request.memo,
        `measure ${id} ${planKey(prompt, said, id, request)}`,
        request.tree,
        (tree) => measurePrompt(prompt, id, said, request, tree),
      );
      const cost = ownedPrompt(pricedPrompt(measured, said, request), said, workspaceOf);
      return { ...cost, namedBy, findings: [...ofId, ...cost.findings] };
    }),
  );
  costed.sort((one, other) => (one.id < other.id ? -1 : 1));
  return {
    prompts: costed,
    ids: prompts.map(({ id }) => id),
    planned,
    findings: [...findings, ...unusedFlags(wanted, request.flags)],
  };
}

/** Values of the command line that no prompt asks for, which are most likely misspelt. */
function unusedFlags(
  wanted: readonly NamedPrompt[],
  flags: EstimateFlags | undefined,
): readonly Finding[] {
  const known = [...new Set(wanted.flatMap(({ prompt }) => prompt.variables))];
  const unread = wanted.some(({ prompt }) =>
    prompt.findings.some(({ level }) => level === 'error'),
  );
  if (unread) return [];
  return [...(flags?.variables.keys() ?? [])].flatMap((name): readonly Finding[] => {
    if (known.includes(name)) return [];
    const close = nearest(name, known);
    return [
      {
        level: 'warning',
        code: 'unused-variable',
        message: `--var: no prompt uses ${quote(name)}${close === undefined ? '' : `; did you mean ${quote(close)}?`}`,
      },
    ];
  });
}

/** A priced prompt with what its plan says of who owns it and what it may cost. */
export function ownedPrompt<Priced extends Omit<CostedPrompt, 'namedBy'>>(
  priced: Priced,
  { entry }: PlannedPrompt,
  workspaceOf: (path: string) => string | undefined,
) {
  const workspace = workspaceOf(priced.path);
  const { owner, budget } = entry ?? {};
  return {
    ...priced,
    ...(workspace === undefined ? {} : { workspace }),
    ...(owner === undefined ? {} : { owner }),
    ...(budget === undefined ? {} : { budget }),
  };
}

/** Says which workspace a path lies in, if any. */
export function workspaces(all: readonly Workspace[]): (path: string) => string | undefined {
  const matchers = all.map(({ name, glob }) => ({ name, fits: pathMatcher(glob) }));
  return (path) => matchers.find(({ fits }) => fits?.(path) === true)?.name;
}

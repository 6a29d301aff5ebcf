import { nearest } from '../domain/nearest.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Estimate, EstimateRequest } from '../prompts/estimate-request.ts';
import type { Runtime } from '../runtime.ts';
import { ledgerCalls } from './ledger-calls.ts';
import { type AssumptionFlags, estimateFlags } from './estimate-flags.ts';
import { openEstimateTree, type EstimateTree } from './estimate-tree.ts';
import type { OutputFlags } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { compiledCards } from './rates-cards.ts';

/** Flags of `aicost estimate` for costs, as commander hands them over. */
export interface CostFlags extends OutputFlags, AssumptionFlags {
  readonly model?: readonly string[];
  readonly provider?: string;
  readonly prompt?: readonly string[];
  readonly why?: boolean;
  readonly strict?: boolean;
  readonly requests?: boolean;
}

/** `aicost estimate`: what prompts cost. Ends with 1 over budget, with 3 where a budget cannot be checked, or under --strict anything is not known. */
export async function estimateCosts(
  paths: readonly string[],
  flags: CostFlags,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const assumptions = estimateFlags(flags, runtime);
  const place = await openEstimateTree(paths, flags, runtime);
  const ledger = await ledgerCalls(flags, runtime);
  try {
    const { request, facts } = await requestFor(place, ledger?.callsOf, flags, runtime);
    const estimates = await estimateModels({ ...request, flags: assumptions }, flags);
    mustKnow(flags.prompt, estimates);
    if (flags.requests === true) {
      const { printRequests } = await import('./estimate-requests.ts');
      printRequests(estimates, flags, runtime);
      return;
    }
    const [{ estimateReport }, { brokenBudgets, isUnchecked }] = await Promise.all([
      import('../reports/estimate-report.ts'),
      import('../prompts/budget.ts'),
    ]);
    const prompts = estimates.flatMap((estimate) => estimate.prompts);
    const broken = prompts.flatMap(brokenBudgets);
    const answer = estimateReport(prompts, estimates[0]?.findings ?? [], broken, {
      ...facts,
      tree: place.tree.name,
      compared: estimates.length > 1,
      why: flags.why === true,
    });
    await printAnswer(answer, flags, runtime);
    if (broken.length > 0) finish(ExitCode.checkFailed);
    else if (prompts.some(isUnchecked) || (flags.strict === true && estimates.some(isOpen)))
      finish(ExitCode.undecided);
  } finally {
    ledger?.close();
    await place.close();
  }
}

/** Whether less is known of some prompt than all it costs, or of a file which prompts it holds. */
const isOpen = ({ prompts, findings }: Estimate): boolean =>
  findings.some(({ level }) => level === 'error') ||
  prompts.some(
    ({ cost, atLeast }) =>
      cost.perMonth.kind === 'unknown' || cost.perCall.kind === 'unknown' || atLeast,
  );

/** Prices, rules and ledger that hold for a tree, and what the report says of them. */
export async function requestFor(
  { tree, root, paths, settings, counts, rates }: EstimateTree,
  callsOf: EstimateRequest['world']['callsOf'],
  flags: CostFlags,
  runtime: Runtime,
) {
  const [
    { projectPrices },
    { estimateWorld },
    { shippedCountingRules },
    { openPromptReader },
    memo,
  ] = await Promise.all([
    import('../prompts/project-prices.ts'),
    import('../prompts/estimate-world.ts'),
    import('../config/counting-rules.ts'),
    import('../prompts/prompt-reader.ts'),
    import('../prompts/estimate-memo.ts'),
  ]);
  const now = runtime.now();
  const compiled = await compiledCards(runtime, { write: true });
  const prices = await projectPrices(tree, settings, { root, now, compiled, rates });
  const rules = shippedCountingRules();
  const world = estimateWorld({
    reader: await openPromptReader(),
    prices,
    rules,
    counts,
    ...(settings.countingRules === undefined ? {} : { rulesDay: settings.countingRules.value }),
    ...(callsOf === undefined ? {} : { callsOf }),
  });
  const request: EstimateRequest = {
    tree,
    plan: settings.plan,
    world,
    memo: memo.estimateMemo(),
    ...(paths === undefined ? {} : { paths }),
    ...(flags.prompt === undefined ? {} : { only: new Set(flags.prompt) }),
  };
  return {
    request,
    cards: prices.byProvider,
    rulesDay: settings.countingRules?.value ?? rules.asOf,
    facts: {
      pricesAsOf: prices.asOf,
      rulesAsOf: rules.asOf,
      ...(settings.file === undefined ? {} : { config: settings.file }),
      ...(settings.prices?.kind === 'bundled' ? { pricesOf: settings.prices.day.value } : {}),
    },
  };
}

/** One estimate, or one for each model that is compared. */
async function estimateModels(
  request: EstimateRequest,
  { model: models = [], provider }: CostFlags,
): Promise<readonly Estimate[]> {
  const [{ estimatePrompts }, { namedModel }] = await Promise.all([
    import('../prompts/estimate.ts'),
    import('../prompts/named-model.ts'),
  ]);
  if (models.length === 0) return [await estimatePrompts(request)];
  const estimates: Estimate[] = [];
  for (const model of models)
    estimates.push(
      await estimatePrompts({
        ...request,
        flags: {
          variables: new Map(),
          ...request.flags,
          model: { value: namedModel(model, provider), source: 'declared', from: '--model' },
        },
      }),
    );
  return estimates;
}

function mustKnow(wanted: readonly string[] | undefined, [first]: readonly Estimate[]): void {
  for (const id of wanted ?? []) {
    if (first === undefined || first.ids.includes(id)) continue;
    const close = nearest(id, first.ids);
    throw new UserError(`--prompt: no prompt has the id "${id}"`, {
      hint: close === undefined ? 'aicost estimate lists all ids.' : `Did you mean ${close}?`,
    });
  }
}

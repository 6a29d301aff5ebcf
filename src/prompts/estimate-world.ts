import { ruleFor, countedName, type CountingRules } from '../domain/counting-rules.ts';
import { utcText } from '../domain/utc-time.ts';
import { openModelPrices } from './cost/model-prices.ts';
import type { ImportedCounts } from './counting/imported-count.ts';
import { openTokenCounters } from './counting/token-counters.ts';
import type { EstimateWorld, PromptReader } from './estimate-request.ts';
import type { ProjectPrices } from './project-prices.ts';

/** What the numbers of an estimate are taken from. */
export interface WorldSources {
  readonly reader: PromptReader;
  readonly prices: ProjectPrices;
  readonly rules: CountingRules;
  /** Day whose counting rules hold, `2026-11-15`; that of the prices when absent. */
  readonly rulesDay?: string;
  readonly callsOf?: EstimateWorld['callsOf'];
  readonly counts?: ImportedCounts;
}

/** Opens counters and prices for requests. */
export function estimateWorld({
  reader,
  prices,
  rules,
  rulesDay,
  callsOf,
  counts,
}: WorldSources): EstimateWorld {
  const day = rulesDay ?? utcText(prices.time).slice(0, 10);
  const counters = remembered(openTokenCounters(rules, day));
  return {
    reader,
    counterFor: counters,
    pricesFor: openModelPrices({
      ...prices,
      cacheStep: (provider, model) =>
        ruleFor(rules.cacheSteps, { provider, model: countedName(model), day })?.step ?? 1,
    }),
    ...(callsOf === undefined ? {} : { callsOf }),
    ...(counts === undefined ? {} : { counts }),
  };
}

/** Thousands of prompts go to a few models, and finding a model's rules takes longer than a short text. */
function remembered(open: EstimateWorld['counterFor']): EstimateWorld['counterFor'] {
  const known = new Map<string, ReturnType<EstimateWorld['counterFor']>>();
  return (provider, model) => {
    const key = JSON.stringify([provider, model]);
    const present = known.get(key);
    if (present !== undefined) return present;
    const counter = open(provider, model);
    known.set(key, counter);
    return counter;
  };
}

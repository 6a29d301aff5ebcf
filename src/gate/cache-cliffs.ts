import type { CostedPrompt } from '../prompts/costed-prompt.ts';
import type { ComparedPrompt } from './compared-prompt.ts';

/** A place where a small edit changes what a whole prompt costs, or may. */
export interface Cliff {
  readonly rule: 'cache-cliff' | 'context-tier' | 'reasoning-effort';
  readonly level: 'warning' | 'notice';
  readonly message: string;
}

/** A prefix that loses more than this part of its tokens has collapsed. */
const COLLAPSE = 2;

/**
 * Cliffs that head went over and base did not: the cached prefix fell below the provider's minimum, or shrank to less
 * than half since something that varies moved up, or the prompt became long enough for a dearer price.
 */
export function cliffsOf({ reading: { base, basket } }: ComparedPrompt): readonly Cliff[] {
  if (base === undefined || basket === undefined) return [];
  return [
    ...prefixCliffs(base, basket),
    ...tierCliffs(base, basket),
    ...effortChanges(base, basket),
  ];
}

function prefixCliffs(base: CostedPrompt, head: CostedPrompt): readonly Cliff[] {
  const [before, after] = [prefixOf(base), prefixOf(head)];
  if (base.cost.cache.cachedTokens === 0 || after >= before) return [];
  const fell = `prefix ${before.toLocaleString('en-US')} → ${after.toLocaleString('en-US')} tokens`;
  if (head.cost.cache.cachedTokens === 0) {
    const minimum = head.cost.cache.minimum?.value;
    const why =
      minimum !== undefined && after < minimum
        ? `below the ${minimum.toLocaleString('en-US')} that ${modelOf(head)} caches`
        : (head.cost.cache.why ?? 'nothing is cached any more');
    return [{ rule: 'cache-cliff', level: 'warning', message: `${fell}, ${why}${movedUp(head)}` }];
  }
  if (after * COLLAPSE >= before) return [];
  return [
    {
      rule: 'cache-cliff',
      level: 'warning',
      message: `${fell}, so that less of it is cached${movedUp(head)}`,
    },
  ];
}

/** The variable that ends the prefix now, which is what a reader has to move down. */
function movedUp(head: CostedPrompt): string {
  const end = head.inputs?.cases[0]?.prefixEnd;
  return end?.kind === 'variable' ? `; variable "${end.variable}" ends it` : '';
}

function tierCliffs(base: CostedPrompt, head: CostedPrompt): readonly Cliff[] {
  const tier = head.cost.contextTier;
  if (tier === undefined || tier === base.cost.contextTier) return [];
  return [
    {
      rule: 'context-tier',
      level: 'warning',
      message: `the prompt is charged at the price of long prompts now (${tier})`,
    },
  ];
}

/** The longest prefix of a prompt's cases: what its cache is reckoned with. */
export const prefixOf = ({ inputs }: CostedPrompt): number =>
  Math.max(0, ...(inputs?.cases ?? []).map(({ prefix }) => prefix.tokens));

const modelOf = ({ model }: CostedPrompt): string => model?.value.model ?? 'the model';

/** More reasoning makes answers longer, which a size that somebody declared does not show. */
function effortChanges(base: CostedPrompt, head: CostedPrompt): readonly Cliff[] {
  const [was, is] = [base.reasoningEffort ?? 'as usual', head.reasoningEffort ?? 'as usual'];
  if (was === is) return [];
  return [
    {
      rule: 'reasoning-effort',
      level: 'notice',
      message: `reasoning effort ${was} → ${is}: answers are reckoned as long as before`,
    },
  ];
}

import type { Limit } from '../domain/gate-policy.ts';
import type { Money } from '../domain/money.ts';
import type { Origin } from '../errors.ts';
import type { Amount, CostedPrompt } from './costed-prompt.ts';

/** A limit of a prompt's own that does not hold. */
export interface BrokenBudget {
  readonly prompt: string;
  /** `max_usd`, `max_tokens` or `max_usd_per_call_p95`. */
  readonly limit: string;
  readonly allowed:
    | { readonly kind: 'usd'; readonly value: Money }
    | { readonly kind: 'tokens'; readonly value: number };
  readonly found: BrokenBudget['allowed'];
  /** What the config says to do. */
  readonly message?: string;
  readonly origin: Origin;
}

/** The limits of a prompt that do not hold. What is not known breaks no limit: it is told apart. */
export function brokenBudgets({ id, budget, cost, tokens }: CostedPrompt): readonly BrokenBudget[] {
  if (budget === undefined) return [];
  const broken: BrokenBudget[] = [];
  const more = budget.message === undefined ? {} : { message: budget.message };
  const usd = (name: string, limit: Limit<Money> | undefined, amount: Amount): void => {
    if (limit === undefined || amount.kind === 'unknown' || amount.value <= limit.value) return;
    broken.push({
      prompt: id,
      limit: name,
      allowed: { kind: 'usd', value: limit.value },
      found: { kind: 'usd', value: amount.value },
      origin: limit.origin,
      ...more,
    });
  };
  usd('max_usd', budget.maxUsd, cost.perMonth);
  usd('max_usd_per_call_p95', budget.maxUsdPerCallP95, cost.perCallP95);
  const { maxTokens } = budget;
  if (maxTokens !== undefined && tokens !== undefined && tokens.tokens > maxTokens.value)
    broken.push({
      prompt: id,
      limit: 'max_tokens',
      allowed: { kind: 'tokens', value: maxTokens.value },
      found: { kind: 'tokens', value: tokens.tokens },
      origin: maxTokens.origin,
      ...more,
    });
  return broken;
}

/** Whether a limit of a prompt's own cannot be checked, since what it limits is not known. */
export function isUnchecked({ budget, cost, tokens }: CostedPrompt): boolean {
  if (budget === undefined) return false;
  const open = (limit: unknown, known: boolean): boolean => limit !== undefined && !known;
  return (
    open(budget.maxUsd, cost.perMonth.kind === 'known') ||
    open(budget.maxUsdPerCallP95, cost.perCallP95.kind === 'known') ||
    open(budget.maxTokens, tokens !== undefined)
  );
}

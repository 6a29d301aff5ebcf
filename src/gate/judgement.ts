import { type Money, money, moneyText, ZERO } from '../domain/money.ts';
import type { PromptLimits } from '../domain/gate-policy.ts';
import { changeText, signedDollars } from './amounts.ts';
import { cliffsOf } from './cache-cliffs.ts';
import type { ComparedPrompt } from './compared-prompt.ts';
import type { GateFinding, GateLevel, PromptVerdict } from './comparison-result.ts';
import { placeOf } from './finding-place.ts';
import { type Breach, promptBreaches } from './limits.ts';
import type { GateRules } from './policy-changes.ts';
import { promptChange } from './sums.ts';
import { type Allowance, allowanceFor, type Allowances, ceilingWords } from './waivers.ts';

/** How one prompt stands against the limits. */
export interface Judged {
  readonly prompt: ComparedPrompt;
  readonly verdict: PromptVerdict;
  readonly findings: readonly GateFinding[];
  /** The allowance that covers what is over a limit. */
  readonly allowance: Allowance | undefined;
  /** Increase that the allowance takes out of every sum. */
  readonly waived: Money;
}

/** Holds one prompt against its limits, its waivers and the cliffs of its cache. Pure. */
export function judgePrompt(
  prompt: ComparedPrompt,
  rules: GateRules,
  allowances: Allowances,
): Judged {
  const breaches = promptBreaches(prompt, rules.policy, ownLimits(prompt, rules));
  const increase = prompt.delta ?? ZERO;
  const allowance =
    breaches.length === 0 && increase <= 0n
      ? undefined
      : allowanceFor(prompt.id, increase, allowances.counted);
  const waived = allowance !== undefined;
  const level = rules.policy.mode === 'fail' && !waived ? 'error' : 'warning';
  const context = { prompt, level, waived } as const;
  return {
    prompt,
    verdict: verdictOf(prompt, breaches, rules, waived),
    allowance,
    waived: waived && increase > 0n ? increase : ZERO,
    findings: [
      ...breaches.map((breach) => breachFinding(context, breach, allowances)),
      ...cliffFindings(prompt),
      ...unknownFindings(prompt, rules),
    ],
  };
}

/** A prompt's own limits: those of the tree that decides the policy; head's for one that base does not have. */
function ownLimits(
  { reading: { base, head } }: ComparedPrompt,
  { policySource }: GateRules,
): PromptLimits | undefined {
  return policySource === 'head' || base === undefined ? head?.budget : base.budget;
}

function verdictOf(
  prompt: ComparedPrompt,
  breaches: readonly Breach[],
  { policy }: GateRules,
  waived: boolean,
): PromptVerdict {
  if (prompt.unknown !== undefined && policy.unknown !== 'ignore') return 'unknown';
  if (breaches.length === 0) return 'pass';
  if (waived) return 'waived';
  return policy.mode === 'fail' ? 'fail' : 'warn';
}

function breachFinding(
  { prompt, level, waived }: { prompt: ComparedPrompt; level: GateLevel; waived: boolean },
  breach: Breach,
  allowances: Allowances,
): GateFinding {
  const change = promptChange(prompt);
  const found = breach.found ?? `${changeText(change)} / month`;
  const sentence = `"${prompt.id}" ${found}${breach.lacks === true ? '' : ` is over the limit ${breach.limit}`}`;
  const low = allowances.counted.find((each) => each.prompt === prompt.id);
  const ceiling = waived || low === undefined ? '' : `; its waiver allows ${ceilingWords(low)}`;
  return {
    level,
    rule: breach.rule,
    message: `${sentence}${ceiling}${whyWords(prompt)}${breach.advice === undefined ? '' : `. ${breach.advice}`}`,
    prompt: prompt.id,
    ...placeOf(prompt),
    limit: breach.limit,
    waived,
  };
}

/** Causes in words, for a message that stands alone. */
function whyWords({ steps, changedInputs }: ComparedPrompt): string {
  const words = steps.map(
    ({ cause, detail, delta }) =>
      `${cause}${detail === undefined ? '' : ` ${detail}`} ${signedDollars(moneyText(delta))}`,
  );
  const through = changedInputs.length === 0 ? [] : [`through ${changedInputs.join(', ')}`];
  const all = [...words, ...through];
  return all.length === 0 ? '' : `: ${all.join(', ')}`;
}

const cliffFindings = (prompt: ComparedPrompt): readonly GateFinding[] =>
  cliffsOf(prompt).map(({ rule, level, message }) => ({
    level,
    rule,
    message: `"${prompt.id}" ${message}`,
    prompt: prompt.id,
    ...placeOf(prompt),
    limit: null,
    waived: false,
  }));

function unknownFindings(prompt: ComparedPrompt, { policy }: GateRules): readonly GateFinding[] {
  // Of prompts that did not change one finding tells together.
  if (prompt.unknown === undefined || policy.unknown === 'ignore' || prompt.status === 'same')
    return [];
  return [
    {
      level: policy.unknown === 'fail' ? 'error' : 'warning',
      rule: 'unknown-price',
      message: `the cost of "${prompt.id}" is unknown: ${prompt.unknown}`,
      prompt: prompt.id,
      ...placeOf(prompt),
      limit: null,
      waived: false,
    },
  ];
}

/** Increases that are waived, summed over some prompts. */
export const waivedIn = (judged: readonly Judged[]): Money =>
  money(judged.reduce((total, { waived }) => total + waived, 0n));

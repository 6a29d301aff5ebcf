import { moneyText, money } from '../domain/money.ts';
import type { Finding } from '../prompts/finding.ts';
import type { Reckon } from './causes.ts';
import { type ComparedPrompt, comparePrompt, type Reading } from './compared-prompt.ts';
import {
  type Change,
  type ComparedTree,
  type Comparison,
  DIFF_SCHEMA,
  type GateFinding,
  type PromptChange,
} from './comparison-result.ts';
import { type Judged, judgePrompt } from './judgement.ts';
import { limitLines } from './limit-words.ts';
import type { GateRules } from './policy-changes.ts';
import { gateFinding, promptFindings } from './prompt-findings.ts';
import { sideOf } from './side.ts';
import { sumFindings, unchangedUnknown, type WorkspacePrompts } from './sum-findings.ts';
import { changeOf, promptChange, sumOf, textOf, uncompared } from './sums.ts';
import { endingOf } from './verdict.ts';
import { usedWaivers, waiverFindings } from './waiver-findings.ts';
import type { Allowances } from './waivers.ts';

/** All that a comparison is made of. */
export interface ComparisonRequest {
  readonly id: string;
  /** `2026-11-22T06:00:00Z`. */
  readonly validAt: string;
  readonly base: ComparedTree | undefined;
  readonly head: ComparedTree;
  readonly how: string;
  readonly prices: string;
  readonly countingRules: string;
  readonly readings: readonly Reading[];
  /** The limits in force, and what the change edits of them. */
  readonly rules: GateRules;
  readonly policyFrom: 'base' | 'head';
  readonly policyChanges: readonly string[];
  /** Where the policy is written in head, for findings about it. */
  readonly policyPath: string | undefined;
  readonly allowances: Allowances;
  /** What was noticed of head's files that no prompt stands for. */
  readonly treeFindings: readonly Finding[];
  /** Sentences about how the comparison was made: policy of head, prices of head. */
  readonly notices: readonly Notice[];
  readonly strict: boolean;
}

/** Something to know about how two trees were compared; a notice unless it says more. */
export interface Notice {
  readonly rule: string;
  readonly message: string;
  readonly level?: 'warning' | 'notice';
}

/** Compares, judges and writes down. Pure: the order of the readings does not matter. */
export function compare(request: ComparisonRequest, reckon: Reckon): Comparison {
  const compared = request.readings
    .map((reading) => comparePrompt(reading, reckon))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const judged = compared.map((prompt) => judgePrompt(prompt, request.rules, request.allowances));
  const workspaces = workspacesOf(compared);
  const findings = worstFirst([
    ...judged.flatMap((each) => each.findings),
    ...sumFindings(judged, request.rules.policy, workspaces),
    ...unchangedUnknown(judged, request.rules.policy),
    ...compared.flatMap((prompt) => promptFindings(prompt, request.strict)),
    ...request.treeFindings.map(gateFinding),
    ...request.policyChanges.map((edit) => policyChange(edit, request.policyPath)),
    ...waiverFindings(judged, request.allowances),
    ...request.notices.map(notice),
  ]);
  const { rules, strict } = request;
  const told = (change: Change): Change =>
    request.base === undefined ? uncompared(change) : change;
  return {
    schema: DIFF_SCHEMA,
    ...endingOf({ rules, judged, findings, strict }),
    id: request.id,
    valid_at: request.validAt,
    base: request.base ?? null,
    head: request.head,
    how: request.how,
    prices: request.prices,
    rules: request.countingRules,
    policy: {
      source: request.policyFrom,
      mode: rules.policy.mode,
      message: rules.policy.message ?? null,
      limits: limitLines(rules.policy),
    },
    total: told(changeOf(sumOf(compared))),
    workspaces: workspaces.map(({ name, prompts }) => ({
      name,
      change: told(changeOf(sumOf(prompts))),
    })),
    prompts: judged.map(promptResult).map((each) => ({ ...each, change: told(each.change) })),
    apart: {
      assumptions_usd: apartOf(compared, ({ assumptionsDelta }) => assumptionsDelta),
      prices_usd: apartOf(compared, ({ pricesDelta }) => pricesDelta),
    },
    findings,
    waivers: usedWaivers(judged),
  };
}

function workspacesOf(prompts: readonly ComparedPrompt[]): readonly WorkspacePrompts[] {
  const names = prompts.flatMap(({ reading: { base, head } }) =>
    [base?.workspace, head?.workspace].flatMap((name) => name ?? []),
  );
  return [...new Set(names)].sort().map((name) => ({
    name,
    prompts: prompts.flatMap((prompt) => {
      const { base, head } = prompt.reading;
      const [was, is] = [base?.workspace === name, head?.workspace === name];
      if (was && is) return [prompt];
      if (was) return [leaving(prompt, head !== undefined)];
      return is ? [joining(prompt, base !== undefined)] : [];
    }),
  }));
}

const leaving = (prompt: ComparedPrompt, moved: boolean): ComparedPrompt =>
  moved && prompt.baseMonthly !== undefined
    ? { ...prompt, headMonthly: undefined, delta: money(0n - prompt.baseMonthly) }
    : prompt;

const joining = (prompt: ComparedPrompt, moved: boolean): ComparedPrompt =>
  moved ? { ...prompt, baseMonthly: undefined, delta: prompt.headMonthly } : prompt;

function promptResult({ prompt, verdict }: Judged): PromptChange {
  const { base, head, basket } = prompt.reading;
  const side = head ?? base;
  return {
    id: prompt.id,
    path: side?.path ?? '',
    line: side?.line ?? 1,
    base_path:
      base !== undefined && head !== undefined && base.path !== head.path ? base.path : null,
    workspace: side?.workspace ?? null,
    owner: side?.owner ?? null,
    status: prompt.status,
    base: base === undefined ? null : sideOf(base),
    head: basket === undefined ? null : sideOf(basket),
    change: promptChange(prompt),
    causes: prompt.steps.map(({ cause, detail, delta }) => ({
      cause,
      detail: detail ?? null,
      delta_usd: moneyText(delta),
    })),
    changed_inputs: prompt.changedInputs,
    own_monthly_usd: textOf(prompt.ownMonthly),
    assumptions_usd: textOf(prompt.assumptionsDelta),
    prices_usd: textOf(prompt.pricesDelta),
    verdict,
  };
}

const apartOf = (
  prompts: readonly ComparedPrompt[],
  part: (prompt: ComparedPrompt) => bigint | undefined,
): string => moneyText(money(prompts.reduce((total, prompt) => total + (part(prompt) ?? 0n), 0n)));

const policyChange = (edit: string, path: string | undefined): GateFinding => ({
  ...notice({ rule: 'policy-change', message: `this change edits ${edit}` }),
  path: path ?? null,
  line: path === undefined ? null : 1,
});

const notice = ({ rule, message, level = 'notice' }: Notice): GateFinding => ({
  level,
  rule,
  message,
  prompt: null,
  path: null,
  line: null,
  limit: null,
  waived: false,
});

const WEIGHTS = { error: 0, warning: 1, notice: 2 } as const;

/** Errors first, then by prompt; equal ones once. */
function worstFirst(findings: readonly GateFinding[]): readonly GateFinding[] {
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...unique]
    .sort(([a, one], [b, other]) => {
      const weight = weightOf(one) - weightOf(other);
      if (weight !== 0) return weight;
      const [p, q] = [one.prompt ?? '', other.prompt ?? ''];
      return p < q ? -1 : p > q ? 1 : a < b ? -1 : 1;
    })
    .map(([, finding]) => finding);
}

const weightOf = ({ level, waived }: GateFinding): number => WEIGHTS[level] + (waived ? 0.5 : 0);

import { ExitCode, UserError } from '../../errors.ts';
import { counted } from '../../domain/words.ts';
import { promptCost } from '../../prompts/cost/prompt-cost.ts';
import { compare, type Notice } from '../comparison.ts';
import type { ComparedTree, Comparison } from '../comparison-result.ts';
import type { Reading } from '../compared-prompt.ts';
import { limitLines } from '../limit-words.ts';
import { policyChanges } from '../policy-changes.ts';
import { allowancesOf } from '../waivers.ts';
import {
  type FindRenames,
  readBasket,
  type Readings,
  type Worlds,
  type WrittenBase,
} from './same-basket.ts';
import { gateRules, type RulesInForce } from './two-trees.ts';

/** A comparison to make. */
export interface DiffRun {
  /** Absent with `--base-missing=absolute`: only limits that need no base are held. */
  readonly base: ComparedTree | undefined;
  readonly head: ComparedTree;
  readonly how: string;
  readonly rules: RulesInForce;
  readonly worlds: Worlds;
  readonly prices: string;
  readonly countingRules: string;
  readonly findRenames: FindRenames;
  /** What stands for the tree of the base, with `--baseline`. */
  readonly written?: WrittenBase;
  /** Prompt ids or workspaces; all when empty. */
  readonly only: readonly string[];
  readonly id: string | undefined;
  readonly strict: boolean;
  readonly now: number;
  readonly approvedLabel: string | undefined;
  readonly commitMessages: readonly string[];
}

/** Estimates both trees and compares them. Throws UserError: 2 for what a person has to mend first, 3 when undecided. */
export async function runDiff(run: DiffRun): Promise<Comparison> {
  const { rules } = run;
  // A baseline does not say which waivers there were, so none is told as an edit.
  const before =
    run.written === undefined ? rules.base : { ...rules.base, waivers: rules.head.waivers };
  const found = await readBasket(rules, run.worlds, run.findRenames, run.written);
  const chosen = found.readings.filter((reading) => isChosen(reading, run.only));
  if (run.only.length > 0 && chosen.length === 0)
    throw new UserError(`--only ${run.only.join(', ')}: no prompt and no workspace has this name`);
  refuseCycles(chosen);
  const workspaces = new Set(rules.head.settings.plan.workspaces.map(({ name }) => name));
  const [only] = run.only;
  return compare(
    {
      id: run.id ?? (only !== undefined && workspaces.has(only) ? only : 'default'),
      validAt: `${new Date(run.now).toISOString().slice(0, 19)}Z`,
      base: run.base,
      head: run.head,
      how: run.how,
      prices: run.prices,
      countingRules: run.countingRules,
      readings: chosen,
      rules: rules.rules,
      policyFrom: run.base === undefined ? 'head' : rules.policyFrom,
      policyChanges: rules.isFirst ? [] : policyChanges(gateRules(before), gateRules(rules.head)),
      policyPath: rules.head.settings.file,
      allowances: allowancesOf({
        policy: rules.rules.policy,
        base: rules.base.waivers,
        head: rules.head.waivers,
        approvedLabel: run.approvedLabel,
        commitMessages: run.commitMessages,
        today: new Date(run.now).toISOString().slice(0, 10),
      }),
      // Old news is told under --strict, where doubt of any kind decides.
      treeFindings: [...found.findings.fresh, ...(run.strict ? found.findings.old : [])],
      notices: [
        ...noticesOf(rules, found, run.written !== undefined),
        ...(run.base === undefined ? [ALONE] : []),
      ],
      strict: run.strict,
    },
    promptCost,
  );
}

const isChosen = ({ base, head }: Reading, only: readonly string[]): boolean =>
  only.length === 0 ||
  [base?.id, head?.id, base?.workspace, head?.workspace].some(
    (name) => name !== undefined && only.includes(name),
  );

/** Includes that never end are a mistake to mend, not a cost to judge: those that the change brings. */
function refuseCycles(readings: readonly Reading[]): void {
  for (const { base, head } of readings) {
    const old = new Set(base?.findings.map(({ message }) => message));
    const cycle = head?.findings.find(
      ({ code, level, message }) =>
        code === 'include-cycle' && level === 'error' && !old.has(message),
    );
    if (cycle !== undefined)
      throw new UserError(cycle.message, {
        ...(cycle.origin === undefined ? {} : { origin: cycle.origin }),
        hint: 'Take one of the includes out of the circle.',
        exitCode: ExitCode.cannotRun,
      });
  }
}

const ALONE: Notice = {
  rule: 'policy-from-head',
  message:
    'there is no base to take limits, waivers and volumes from, so they are those of this change',
};

const UNLIMITED: Notice = {
  rule: 'no-limits',
  message: 'no limit is set, so no cost can fail here; `gate:` in aicost.yaml sets them',
};

const hasBudget = ({ base, head }: Reading): boolean => (base ?? head)?.budget !== undefined;

function noticesOf(
  { isFirst, policyFrom, base, head, rules }: RulesInForce,
  { readings, borrowed, nameless, leftOut }: Readings,
  isWritten: boolean,
): readonly Notice[] {
  const brought = [...head.counts].filter(([key]) => !base.counts.has(key)).length;
  const [was, is] = [base.settings.countingRules?.value, head.settings.countingRules?.value];
  return [
    ...(isFirst
      ? [
          {
            rule: 'policy-from-head',
            message: `the base has no ${head.settings.file ?? 'aicost.yaml'}, so limits and volumes are those of this change`,
          },
        ]
      : policyFrom === 'head'
        ? [
            {
              rule: 'policy-from-head',
              message: isWritten
                ? 'a baseline is a file of this change, so limits and waivers are those of this change too'
                : 'limits are those of this change, as policy_source: head says',
            },
          ]
        : []),
    ...(readings.length === 0
      ? [
          {
            level: 'warning',
            rule: 'no-prompts',
            message: 'neither tree has a prompt that is known of: nothing was compared',
          } as const,
        ]
      : []),
    ...(limitLines(rules.policy).length === 0 && !readings.some(hasBudget) ? [UNLIMITED] : []),
    ...leftOut.map((path) => ({
      rule: 'policy-change',
      message: `this change takes ${path} out of the prompts, while its file stays`,
    })),
    ...nameless.map((id) => ({
      rule: 'model-from-base',
      message: `"${id}" names no model any more, so the model of the base is taken`,
    })),
    ...borrowed.map((model) => ({
      rule: 'prices-from-head',
      message: `"${model}" has no price in the base, so the price of this change is taken`,
    })),
    ...(brought === 0
      ? []
      : [
          {
            rule: 'imported-counts',
            message: `this change brings ${counted(brought, 'count')} in .aicost/counts.json, taken for the provider's own`,
          },
        ]),
    ...(was === is
      ? []
      : [
          {
            rule: 'rules-drift',
            message: `counting rules ${was ?? 'of today'} → ${is ?? 'of today'}; both sides are counted by those of the base`,
          },
        ]),
  ];
}

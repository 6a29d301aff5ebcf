import type { GatePolicy } from '../domain/gate-policy.ts';
import { counted } from '../domain/words.ts';
import { changeText } from './amounts.ts';
import type { ComparedPrompt } from './compared-prompt.ts';
import type { GateFinding } from './comparison-result.ts';
import { type Judged, waivedIn } from './judgement.ts';
import { type Breach, sumBreaches, withoutWaived } from './limits.ts';
import { changeOf, type Sum, sumOf } from './sums.ts';

/** A workspace with its prompts; one that moved is in both: it left the one and joined the other. */
export interface WorkspacePrompts {
  readonly name: string;
  readonly prompts: readonly ComparedPrompt[];
}

/** Holds workspaces and the whole against their limits, without what waivers allow. */
export function sumFindings(
  judged: readonly Judged[],
  policy: GatePolicy,
  workspaces: readonly WorkspacePrompts[],
): readonly GateFinding[] {
  const whole = judged.map(({ prompt }) => prompt);
  const hold = (
    prompts: readonly ComparedPrompt[],
    limits: GatePolicy['total'],
    scope: string,
    subject: string,
  ): readonly GateFinding[] => {
    const ids = new Set(prompts.map(({ id }) => id));
    const waived = waivedIn(judged.filter(({ prompt }) => ids.has(prompt.id)));
    const sum = withoutWaived(sumOf(prompts), waived);
    return sumBreaches(sum, limits, scope).map((breach) =>
      finding(policy, breach, sum, subject, waived !== 0n),
    );
  };
  return [
    ...hold(whole, policy.total, 'in total', 'the total'),
    ...workspaces.flatMap(({ name, prompts }) =>
      hold(prompts, policy.workspaces.get(name), `in workspace ${name}`, `workspace "${name}"`),
    ),
  ];
}

function finding(
  policy: GatePolicy,
  breach: Breach,
  sum: Sum,
  subject: string,
  isWithout: boolean,
): GateFinding {
  const found = breach.found ?? `${changeText(changeOf(sum))} / month`;
  const advice = breach.advice ?? policy.message;
  return {
    level: policy.mode === 'fail' ? 'error' : 'warning',
    rule: breach.rule,
    message: `${subject} ${found} is over the limit ${breach.limit}${isWithout ? ', without what is waived' : ''}${advice === undefined ? '' : `. ${advice}`}`,
    prompt: null,
    path: null,
    line: null,
    limit: breach.limit,
    waived: false,
  };
}

/** One finding for all prompts that did not change and whose cost nobody knows. */
export function unchangedUnknown(
  judged: readonly Judged[],
  policy: GatePolicy,
): readonly GateFinding[] {
  const unknown = judged.filter(
    ({ prompt, verdict }) => prompt.status === 'same' && verdict === 'unknown',
  );
  const [first] = unknown;
  if (first === undefined) return [];
  const others = unknown.length === 1 ? '' : ', and so on';
  return [
    {
      level: policy.unknown === 'fail' ? 'error' : 'notice',
      rule: 'unknown-price',
      message: `the cost of ${counted(unknown.length, 'prompt')} that did not change is unknown: "${first.prompt.id}": ${first.prompt.unknown ?? ''}${others}`,
      prompt: null,
      path: null,
      line: null,
      limit: null,
      waived: false,
    },
  ];
}

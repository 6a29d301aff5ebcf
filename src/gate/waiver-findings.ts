import { moneyText } from '../domain/money.ts';
import { dollars } from './amounts.ts';
import type { GateFinding, UsedWaiver } from './comparison-result.ts';
import type { Judged } from './judgement.ts';
import type { Allowance, Allowances } from './waivers.ts';

/** Waivers that covered something, once each, with what they cover. */
export function usedWaivers(judged: readonly Judged[]): readonly UsedWaiver[] {
  const used = new Map<string, UsedWaiver>();
  for (const { allowance, prompt } of judged) {
    if (allowance === undefined) continue;
    used.set(`${allowance.prompt} ${prompt.id}`, {
      prompt: prompt.id,
      up_to_usd: allowance.upTo === undefined ? null : moneyText(allowance.upTo),
      reason: allowance.reason,
      by: allowance.by ?? null,
      expires: allowance.expires ?? null,
      from: allowance.from,
      self_waived: allowance.selfWaived,
    });
  }
  return [...used.values()];
}

/** Waivers that are over, that did not count, that nothing needs, or that the change itself brought. */
export function waiverFindings(
  judged: readonly Judged[],
  { counted, expired, denied }: Allowances,
): readonly GateFinding[] {
  const used = new Set(judged.flatMap(({ allowance }) => allowance ?? []));
  const ids = new Set(judged.map(({ prompt }) => prompt.id));
  const unused = counted.filter((each) => each.origin !== undefined && !used.has(each));
  return [
    ...[...used]
      .filter(({ selfWaived }) => selfWaived)
      .map((each) => found('self-waived', each, 'is allowed by a waiver that this change brings')),
    ...expired.map((each) =>
      found('waiver-expired', each, `has a waiver that expired on ${each.expires ?? ''}`),
    ),
    ...denied.map((each) =>
      found('waiver-denied', each, 'has a waiver that this change adds, which self_waive forbids'),
    ),
    ...unused.map((each) =>
      found(
        'waiver-unused',
        each,
        ids.has(each.prompt)
          ? `has a waiver${each.upTo === undefined ? '' : ` up to ${dollars(moneyText(each.upTo))}`} that covers nothing here`
          : 'has a waiver and is no prompt of this tree',
      ),
    ),
  ];
}

const found = (rule: string, { prompt, origin }: Allowance, what: string): GateFinding => ({
  level: rule === 'waiver-unused' ? 'notice' : 'warning',
  rule,
  message: `"${prompt}" ${what}`,
  prompt: null,
  path: origin?.file ?? null,
  line: origin?.line ?? null,
  limit: null,
  waived: false,
});

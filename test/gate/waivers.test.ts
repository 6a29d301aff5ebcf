import { describe, expect, it } from 'vitest';
import type { Waiver } from '../../src/domain/gate-policy.ts';
import type { Comparison } from '../../src/gate/comparison-result.ts';
import type { Reading } from '../../src/gate/compared-prompt.ts';
import { policyChanges } from '../../src/gate/policy-changes.ts';
import { allowancesOf, type WaiverSources } from '../../src/gate/waivers.ts';
import { both, comparison, costed, limit, policy, rules, usd } from './made-up-prompts.ts';

/** Each thousand tokens more is 15 dollars a month. */
const grown = (id = 'support', to = 3000): Reading =>
  both(costed(id, { text: 2000 }), costed(id, { text: to }));

const found = ({ findings }: Comparison): readonly string[] =>
  findings.filter(({ limit: over }) => over !== null).map(({ message }) => message);

const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  prompt: 'support',
  upToUsd: usd('40'),
  reason: 'new EU policy text',
  by: 'ana',
  expires: '2026-12-31',
  origin: { file: '.aicost/waivers.yaml', line: 1, column: 3 },
  ...more,
});

const sources = (more: Partial<WaiverSources> = {}): WaiverSources => ({
  policy: policy(),
  base: [],
  head: [],
  approvedLabel: undefined,
  commitMessages: [],
  today: '2026-11-22',
  ...more,
});

describe('a waiver', () => {
  const limits = rules({
    prompt: { maxIncreaseUsd: limit(usd('10')) },
    total: { maxIncreaseUsd: limit(usd('10')) },
  });
  const under = (more: Partial<WaiverSources>, readings = [grown()]): Comparison =>
    comparison(readings, { rules: limits, allowances: allowancesOf(sources(more)) });

  it('allows an increase up to its ceiling, in the total too', () => {
    const result = under({ base: [waiver()], head: [waiver()] });
    expect([result.verdict, result.code, result.prompts[0]?.verdict]).toEqual([
      'pass',
      0,
      'waived',
    ]);
    expect(result.waivers).toEqual([
      {
        prompt: 'support',
        up_to_usd: '40',
        reason: 'new EU policy text',
        by: 'ana',
        expires: '2026-12-31',
        from: '.aicost/waivers.yaml',
        self_waived: false,
      },
    ]);
  });

  it('is a ceiling, not a switch', () => {
    // 3,000 tokens more are 45 dollars.
    const result = under({ base: [waiver()], head: [waiver()] }, [grown('support', 5000)]);
    expect(result.code).toBe(1);
    expect(found(result)).toContain(
      '"support" +$45.00 (+107%) / month is over the limit $10 per prompt; its waiver allows $40: text +$45.00',
    );
  });

  it('counts on its last day and not on the next', () => {
    const [base, head] = [[waiver()], [waiver()]];
    expect(under({ base, head, today: '2026-12-31' }).code).toBe(0);
    const late = under({ base, head, today: '2027-01-01' });
    expect(late.code).toBe(1);
    expect(late.findings).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        rule: 'waiver-expired',
        message: '"support" has a waiver that expired on 2026-12-31',
      }),
    );
  });

  it('that the change brings is marked, and counts unless that is forbidden', () => {
    const allowed = under({ head: [waiver()] });
    expect(allowed.code).toBe(0);
    expect(allowed.waivers[0]?.self_waived).toBe(true);
    expect(allowed.findings.map(({ rule }) => rule)).toContain('self-waived');
    const denied = under({ head: [waiver()], policy: policy({ selfWaive: 'deny' }) });
    expect(denied.code).toBe(1);
    expect(denied.findings.map(({ rule }) => rule)).toContain('waiver-denied');
  });

  it('that the change raises is one that it brings', () => {
    const result = under({
      base: [waiver({ upToUsd: usd('1') })],
      head: [waiver()],
      policy: policy({ selfWaive: 'deny' }),
    });
    expect(result.code).toBe(1);
  });

  it('that covers nothing is told', () => {
    const result = under(
      { base: [waiver({ prompt: 'gone' })], head: [waiver({ prompt: 'gone' })] },
      [],
    );
    expect(result.findings).toMatchObject([
      {
        level: 'notice',
        rule: 'waiver-unused',
        message: '"gone" has a waiver and is no prompt of this tree',
      },
    ]);
  });

  it('may be a label, for everything', () => {
    const result = under({ approvedLabel: 'cost-approved' }, [grown('a'), grown('b')]);
    expect(result.code).toBe(0);
    expect(result.waivers.map(({ prompt, from }) => [prompt, from])).toEqual([
      ['a', 'label cost-approved'],
      ['b', 'label cost-approved'],
    ]);
  });

  it('may be a trailer of a commit, only where that is allowed', () => {
    const commitMessages = ['grow\n\nAicost-Allow: support <=40 EU policy\n'];
    expect(under({ commitMessages }).code).toBe(1);
    const allowed = under({ commitMessages, policy: policy({ allowTrailers: true }) });
    expect(allowed.code).toBe(0);
    expect(allowed.waivers[0]).toMatchObject({ reason: 'EU policy', self_waived: true });
    const all = ['Aicost-Allow: * <=40000 please'];
    expect(under({ commitMessages: all, policy: policy({ allowTrailers: true }) }).code).toBe(1);
  });
});

describe('edits of the gate', () => {
  it('are told one by one', () => {
    const before = rules({ prompt: { maxIncreaseUsd: limit(usd('10')) } });
    const after = {
      ...rules({ mode: 'warn', prompt: { maxIncreaseUsd: limit(usd('1000')) } }),
      waivers: [waiver()],
    };
    expect(policyChanges(before, after)).toEqual([
      'gate.mode: fail → warn',
      'gate.prompt.max_increase_usd: $10 → $1,000',
      'waiver of support: none → up to $40 until 2026-12-31',
    ]);
    expect(policyChanges(after, after)).toEqual([]);
  });
});

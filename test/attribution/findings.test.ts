import { describe, expect, it } from 'vitest';
import { openAttribution } from '../../src/attribution/attribution.ts';
import { alignedBill } from '../../src/attribution/bill-alignment.ts';
import { tagConflicts } from '../../src/attribution/tag-conflicts.ts';
import { valueMatches } from '../../src/attribution/value-matches.ts';
import type { BillLine } from '../../src/domain/bill.ts';
import { parseFilter } from '../../src/domain/filter-text.ts';
import { moneyText } from '../../src/domain/money.ts';
import type { TagRules } from '../../src/domain/tag-rules.ts';
import { NO_USAGE } from '../../src/domain/usage.ts';
import { valuePattern } from '../../src/domain/value-pattern.ts';
import { append, event, inMemory } from '../support/ledgers.ts';
import { priced } from '../support/tag-desk.ts';

const NO_RULES: TagRules = {
  required: [],
  requiredWhere: [],
  allowed: new Map(),
  virtual: [],
  keys: [],
  hierarchies: [],
  owners: [],
  infer: [],
  cloud: new Map(),
};
const at = (line: number) => ({ file: 'aicost.yaml', line, column: 1 });
const filters = (...texts: readonly string[]) => texts.flatMap((text) => parseFilter(text) ?? []);
const everything = { span: {}, where: [], timeZone: 'UTC' };

/** Anvil costs $0.15 a million tokens. */
const call = (id: string, millions: number, tags: Record<string, string>, labels: string[] = []) =>
  event({
    id,
    provider: 'acme',
    model: 'anvil',
    usage: { ...NO_USAGE, input: millions * 1_000_000 },
    tags,
    labels,
  });

const ledgerOf = (...calls: readonly ReturnType<typeof call>[]) => {
  const ledger = inMemory(priced('0.15'));
  append(ledger, ...calls);
  return ledger;
};

describe('what a virtual tag would match', () => {
  it('lists every raw value with its rule and its spend, dearest first, and those without one', () => {
    const ledger = ledgerOf(
      call('a', 4, { env: 'Production' }),
      call('b', 2, { env: 'PROD' }),
      call('c', 2, { env: 'PROD' }),
      call('d', 1, { env: 'dev' }),
      call('e', 2, { stack: 'live-eu' }),
      call('f', 8, {}),
    );
    const rules = openAttribution({
      ...NO_RULES,
      virtual: [
        { tag: 'env', value: 'prod', match: [valuePattern('P*')], from: undefined, origin: at(3) },
        {
          tag: 'env',
          value: 'prod',
          match: [valuePattern('live-*')],
          from: 'stack',
          origin: at(4),
        },
      ],
    });
    const found = valueMatches(ledger.spend, rules, 'env', everything);
    expect(
      found.map(({ from, raw, value, rule, requests, cost }) => [
        `${from}: ${raw} is ${value} by ${rule?.line ?? 'no rule'}`,
        Number(requests),
        moneyText(cost),
      ]),
    ).toEqual([
      ['env: null is null by no rule', 1, '1.2'],
      ['env: PROD is prod by 3', 2, '0.6'],
      ['env: Production is prod by 3', 1, '0.6'],
      ['stack: live-eu is prod by 4', 1, '0.3'],
      ['env: dev is dev by no rule', 1, '0.15'],
    ]);
    ledger.close();
  });
});

describe('a conflict between a request and its key', () => {
  it('is told with both sums: of the key map, and of what a gateway says of its key', () => {
    const ledger = ledgerOf(
      call('a', 1, { team: 'search', api_key: 'k' }),
      call('b', 2, { team: 'search' }),
      call('c', 4, { team: 'cart', api_key: 'k' }),
      call('d', 8, { api_key: 'k' }),
      call('e', 16, { team: 'search' }, ['key_team=support']),
    );
    const rules = openAttribution({
      ...NO_RULES,
      keys: [
        {
          where: filters('api_key=k'),
          text: 'api_key=k',
          set: new Map([['team', 'cart']]),
          origin: at(7),
        },
      ],
    });
    expect(
      tagConflicts(ledger.spend, rules, everything).map(({ cost, ofRequest, ofKey, ...rest }) => ({
        ...rest,
        sums: [cost, ofRequest, ofKey].map(moneyText),
      })),
    ).toEqual([
      // 16 M tokens; search has 1 + 2 + 16 M; support has nothing of its own.
      {
        tag: 'team',
        request: 'search',
        key: 'support',
        requests: 1n,
        sums: ['2.4', '2.85', '0'],
      },
      // 1 M tokens; cart has 4 M of its own and 8 M by the key.
      {
        tag: 'team',
        request: 'search',
        key: 'cart',
        rule: at(7),
        requests: 1n,
        sums: ['0.15', '2.85', '1.8'],
      },
    ]);
    ledger.close();
  });
});

describe('a line of a bill', () => {
  const line: BillLine = {
    id: undefined,
    start: Date.parse('2026-11-01T00:00:00Z'),
    end: Date.parse('2026-11-02T00:00:00Z'),
    provider: 'aws',
    category: 'Usage',
    currency: 'USD',
    billed: { digits: 100n, scale: 2 },
    tags: { team: 'search' },
    labels: ['CostCenter=CC-42', 'namespace=gpu'],
    flags: [],
    ai: { kept: true, reason: 'test' },
  };

  it('has the tags of calls that its own are, under the same rules', () => {
    const rules = openAttribution({
      ...NO_RULES,
      cloud: new Map([
        ['CostCenter', 'cost_center'],
        ['namespace', 'team'],
      ]),
      virtual: [
        {
          tag: 'cost_center',
          value: '42',
          match: [valuePattern('CC-42')],
          from: undefined,
          origin: at(1),
        },
      ],
      hierarchies: [
        {
          of: 'team',
          to: 'department',
          members: [{ child: 'search', parent: 'discovery', origin: at(2) }],
        },
      ],
    });
    // The line's own team stays.
    expect(alignedBill(line, rules).tags).toEqual({
      team: 'search',
      cost_center: '42',
      department: 'discovery',
    });
  });
});

import { describe, expect, it } from 'vitest';
import {
  type Contract,
  type ContractTerm,
  negotiate,
  type PriceTerm,
} from '../../src/domain/contract.ts';
import { parseDecimal } from '../../src/domain/money.ts';
import { acornCost } from '../fixtures/rates/acorn.ts';

const CARD = `
fees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}
models:
  oak-1:
    prices:
      - {from: 2026-01-01, source: page, input: 2.00, cache_read: 0.20, output: 8.00}
`;

/** A dollar a million, in attodollars a token. */
const DOLLAR = 10n ** 12n;

/** Twelve off is a factor of 0.88. */
const term = (more: Partial<PriceTerm> & { readonly factorText?: string }): PriceTerm => {
  const { factorText, ...rest } = more;
  const factor = factorText === undefined ? undefined : parseDecimal(factorText);
  return {
    kind: 'price',
    id: 'term',
    models: [],
    fixed: new Map(),
    covers: 'tokens',
    ...(factor === undefined ? {} : { factor }),
    ...rest,
  };
};

const contract = (terms: readonly ContractTerm[], more: Partial<Contract> = {}): Contract => ({
  name: 'acorn 2026',
  from: Date.UTC(2026, 10, 1),
  until: Date.UTC(2026, 11, 1),
  providers: [],
  accounts: [],
  terms,
  ...more,
});

const OFF_12 = term({ factorText: '0.88' });
const FIXED = term({ fixed: new Map([['input', { amount: DOLLAR, per: 1 }]]) });

// 1,000,000 x 2.00 + 1,000,000 x 8.00 = 10 at list prices.
const BOTH = { input: 1_000_000, output: 1_000_000 };

describe('a contract', () => {
  it.each([
    { name: 'takes a percentage off', contracts: [contract([OFF_12])], cost: '8.8' },
    // 1.00 + 8.00
    { name: 'fixes a price and leaves the others', contracts: [contract([FIXED])], cost: '9' },
    // 1.00 + 8.00 x 0.88
    {
      name: 'lets the first term win, so that nothing is discounted twice',
      contracts: [contract([FIXED, OFF_12])],
      cost: '8.04',
    },
    {
      name: 'lets the first term win in the other order too',
      contracts: [contract([OFF_12, FIXED])],
      cost: '8.8',
    },
    {
      name: 'lets the first of two contracts win',
      contracts: [contract([OFF_12]), contract([term({ factorText: '0.5' })])],
      cost: '8.8',
    },
    // 2.00 + 8.00 x 0.5
    {
      name: 'covers the counts it names',
      contracts: [contract([term({ factorText: '0.5', covers: ['output'] })])],
      cost: '6',
    },
    {
      name: 'covers the providers it names',
      contracts: [contract([OFF_12], { providers: ['beech'] })],
      cost: '10',
    },
    {
      name: 'covers the models it names',
      contracts: [contract([term({ factorText: '0.88', models: ['elm-*'] })])],
      cost: '10',
    },
    {
      name: 'names models by globs, in any letters',
      contracts: [contract([term({ factorText: '0.88', models: ['OAK-*'] })])],
      cost: '8.8',
    },
    {
      name: 'may make everything free',
      contracts: [contract([term({ factorText: '0' })])],
      cost: '0',
    },
  ])('$name', ({ contracts, cost }) => {
    expect(acornCost(CARD, { tokens: BOTH, contracts })).toBe(cost);
  });

  it.each([
    { name: 'before its first day', at: '2026-10-31T23:59:59.999Z', cost: '10' },
    { name: 'on its first day', at: '2026-11-01T00:00:00Z', cost: '8.8' },
    { name: 'on its last day', at: '2026-11-30T23:59:59.999Z', cost: '8.8' },
    { name: 'after its last day', at: '2026-12-01T00:00:00Z', cost: '10' },
  ])('holds for its time: $name', ({ at, cost }) => {
    expect(acornCost(CARD, { at, tokens: BOTH, contracts: [contract([OFF_12])] })).toBe(cost);
  });

  it('that covers tokens does not cover fees', () => {
    // 2.00 x 0.88 + 5 x 0.01
    const tokens = { input: 1_000_000 };
    expect(acornCost(CARD, { tokens, fees: { lookup: 5 }, contracts: [contract([OFF_12])] })).toBe(
      '1.81',
    );
  });

  it('gives no price to a meter that has none', () => {
    expect(acornCost(CARD, { tokens: { output_audio: 1 }, contracts: [contract([OFF_12])] })).toBe(
      'acorn/oak-1 (from 2026-01-01) has no price for output_audio',
    );
  });

  it('leaves list prices as they were', () => {
    const list = new Map([['input', { amount: 2n * DOLLAR, per: 1 }]]);
    const call = { provider: 'acorn', names: ['oak-1'], time: Date.UTC(2026, 10, 2), accounts: [] };
    negotiate(list, call, [contract([FIXED])]);
    expect(list.get('input')?.amount).toBe(2n * DOLLAR);
  });
});

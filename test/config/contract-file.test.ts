import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readContract } from '../../src/config/contract-file.ts';
import { remainingAfter } from '../../src/config/contract-terms.ts';
import { UserError } from '../../src/errors.ts';
import { acornCost } from '../fixtures/rates/acorn.ts';
import { freshFolder } from '../support/fake-runtime.ts';

const HEADER = 'contract: 1\nname: acorn 2026\ncurrency: USD\n';

function contractOf(text: string) {
  const file = join(freshFolder(), 'acorn-2026.yaml');
  writeFileSync(file, HEADER + text);
  return readContract(file);
}

const CARD = `
cache_write_default: 5m
models:
  oak-1:
    aliases: [oak-1-2026-01-01]
    prices:
      - {from: 2026-01-01, source: page, input: 2.00, cache_write: {5m: 2.50, 1h: 4.00}, output: 8.00}
`;

describe('a contract file', () => {
  it('holds for a span, providers and models', () => {
    const contract = contractOf(`from: 2026-01-01
until: 2027-01-01
applies_to: {providers: [OpenAI, azure]}
terms:
  - {id: gpt, models: ["gpt-5*"], discount_percent: 12}
  - {id: rest, models: o3, discount_percent: 2.5, covers: [output]}
`);
    expect(contract).toEqual({
      name: 'acorn 2026',
      from: Date.UTC(2026, 0, 1),
      until: Date.UTC(2027, 0, 1),
      providers: ['openai', 'azure'],
      accounts: [],
      terms: [
        {
          kind: 'price',
          id: 'gpt',
          models: ['gpt-5*'],
          fixed: new Map(),
          factor: { digits: 88n, scale: 2 },
          covers: 'tokens',
        },
        {
          kind: 'price',
          id: 'rest',
          models: ['o3'],
          fixed: new Map(),
          factor: { digits: 975n, scale: 3 },
          covers: ['output'],
        },
      ],
    });
  });

  it.each([
    { name: 'a percentage', terms: '[{id: a, discount_percent: 10}]', cost: '9' },
    { name: 'a fixed price', terms: '[{id: a, fixed: {input: 1.00}}]', cost: '9' },
    {
      name: 'the name that a call carries, not only that of the card',
      terms: '[{id: a, models: [oak-1-2026-01-01], discount_percent: 10}]',
      cost: '9',
    },
  ])('lowers prices by $name', ({ terms, cost }) => {
    const call = {
      model: 'oak-1-2026-01-01',
      tokens: { input: 1_000_000, output: 1_000_000 },
      contracts: [contractOf(`terms: ${terms}`)],
    };
    expect(acornCost(CARD, call)).toBe(cost);
  });

  it('quotes a call as one of the accounts that a contract is meant for', () => {
    const scope = 'applies_to: {accounts: ["prod-*"]}';
    const contracts = [contractOf(`${scope}\nterms: [{id: a, discount_percent: 10}]`)];
    // 1 M at 2.00 less 10 %
    expect(acornCost(CARD, { tokens: { input: 1_000_000 }, contracts })).toBe('1.8');
  });

  it('quotes no price where a discount depends on what else is used', () => {
    const volume = '{id: v, volume: {steps: [{from: 0, discount_percent: 5}]}}';
    expect(
      acornCost(CARD, { tokens: { input: 1 }, contracts: [contractOf(`terms: [${volume}]`)] }),
    ).toBe(
      'what acorn 2026/v takes off depends on the volume of its whole period; aicost report --cost contracted knows it',
    );
  });

  it('quotes tokens of provisioned capacity as included', () => {
    const ptu = '{id: p, provisioned: {deployment: oak-1, units: 1, hourly_per_unit: 1.00}}';
    const contracts = [contractOf(`terms: [${ptu}]`)];
    expect(acornCost(CARD, { tokens: { input: 1_000_000 }, contracts })).toBe('0');
  });

  it.each(['cache_write', 'cache_write@5m'])('fixes the usual cache write: %s', (meter) => {
    const contracts = [contractOf('terms: [{id: a, fixed: {cache_write: 1.00}}]')];
    expect(acornCost(CARD, { tokens: { [meter]: 1_000_000 }, contracts })).toBe('1');
  });

  it('fixing the usual cache write leaves that of an hour', () => {
    const contracts = [contractOf('terms: [{id: a, fixed: {cache_write: 1.00}}]')];
    expect(acornCost(CARD, { tokens: { 'cache_write@1h': 1_000_000 }, contracts })).toBe('4');
  });

  it.each([
    { name: 'in another currency', text: 'currency: EUR\nterms: []' },
    { name: 'without terms', text: '' },
    {
      name: 'that applies to a text',
      text: 'applies_to: acorn\nterms: [{id: a, discount_percent: 1}]',
    },
    { name: 'with a commitment that is a number', text: 'terms: [{id: a, commit: 5000}]' },
    { name: 'with a commitment to nothing', text: 'terms: [{id: a, commit: {period: year}}]' },
    {
      name: 'with a term that is two things',
      text: 'terms: [{id: a, discount_percent: 5, commit: {amount: 100}}]',
    },
    {
      name: 'with capacity that nobody can call',
      text: 'terms: [{id: a, provisioned: {units: 5, hourly_per_unit: 1.00}}]',
    },
    {
      name: 'with capacity without a price',
      text: 'terms: [{id: a, provisioned: {deployment: d, units: 5}}]',
    },
    {
      name: 'with volume steps that fall',
      text: 'terms: [{id: a, volume: {steps: [{from: 0, discount_percent: 0}, {from: 9, discount_percent: 1}, {from: 5, discount_percent: 2}]}}]',
    },
    {
      name: 'with volume steps that do not begin at 0',
      text: 'terms: [{id: a, volume: {steps: [{from: 10, discount_percent: 1}]}}]',
    },
    {
      name: 'with two terms of one name',
      text: 'terms: [{id: a, discount_percent: 1}, {id: a, discount_percent: 2}]',
    },
    {
      name: 'with a term whose name could be that of another contract',
      text: 'terms: [{id: a/b, discount_percent: 1}]',
    },
    {
      name: 'that ends before it begins',
      text: 'from: 2026-02-01\nuntil: 2026-01-01\nterms: [{id: a, discount_percent: 1}]',
    },
    { name: 'with a term of nothing', text: 'terms: [{id: a}]' },
    { name: 'with a discount above 100', text: 'terms: [{id: a, discount_percent: 101}]' },
    { name: 'with a negative discount', text: 'terms: [{id: a, discount_percent: -5}]' },
    { name: 'with a percent sign', text: 'terms: [{id: a, discount_percent: 12%}]' },
    {
      name: 'with a count that there is not',
      text: 'terms: [{id: a, discount_percent: 1, covers: [inputs]}]',
    },
    {
      name: 'with an unknown key',
      text: 'untill: 2027-01-01\nterms: [{id: a, discount_percent: 1}]',
    },
    {
      name: 'with a day that there is not',
      text: 'from: 2026-02-30\nterms: [{id: a, discount_percent: 1}]',
    },
  ])('is refused $name', ({ text }) => {
    expect(() => contractOf(text)).toThrow(UserError);
  });
});

describe('remainingAfter', () => {
  it.each([
    { percent: '12', left: { digits: 88n, scale: 2 } },
    { percent: '0', left: { digits: 100n, scale: 2 } },
    { percent: '100', left: { digits: 0n, scale: 2 } },
    { percent: '33.333', left: { digits: 66667n, scale: 5 } },
  ])('of $percent percent is exact', ({ percent, left }) => {
    expect(remainingAfter(percent)).toEqual(left);
  });

  it.each(['-1', '100.01', 'half', ''])('of %j is nothing', (percent) => {
    expect(remainingAfter(percent)).toBeUndefined();
  });
});

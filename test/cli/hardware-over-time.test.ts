import { describe, expect, it } from 'vitest';
import { CALLS, deskWith } from '../support/acorn-desk.ts';

const infrastructure = (serves: string): string => `infrastructure: 1
currency: USD
pools: {rented: {accelerators: 4, hourly_per_accelerator: 2.50}}
serves:
${serves}
`;
const [A1, B1] = CALLS;
const CALLED = [
  { ...A1, provider: 'vllm', model: 'llama' },
  { ...B1, provider: 'vllm', model: 'llama', time: '2026-11-12T09:00:00Z' },
];

describe('a model whose machines change', () => {
  it('is charged what it ran on, before and after', async () => {
    const here = await deskWith(
      infrastructure(`  - {model: llama, pool: rented, accelerators: 2, from: 2026-11-01, until: 2026-11-11}
  - {model: llama, pool: rented, accelerators: 4, from: 2026-11-11}`),
      CALLED,
      'infrastructure',
    );
    const { rows, totals } = JSON.parse(
      await here.must(
        'report',
        '--by',
        'feature',
        '--cost',
        'effective',
        '--period',
        '2026-11',
        '--format',
        'json',
      ),
    );
    // 10 days of 2 x 2.50 are 1,200; from the 11th until noon of the 21st 252 hours of 4 x 2.50 are 2,520.
    expect(
      rows
        .filter(({ requests }: Record<string, unknown>) => requests !== 0)
        .map(({ feature, cost_usd: cost }: Record<string, unknown>) => [feature, cost]),
    ).toEqual([
      ['b', '2520'],
      ['a', '1200'],
    ]);
    expect(totals.cost_usd).toBe('3720');
  });

  it.each([
    {
      name: 'twice the same',
      serves: `  - {model: llama, pool: rented, accelerators: 1, from: 2026-11-01}
  - {model: llama, pool: rented, accelerators: 1, from: 2026-11-01}`,
      says: 'serves: hardware rented/llama from 2026-11-01 stands twice; give each a from: of its own',
    },
    {
      name: 'more accelerators than there are',
      serves: `  - {model: llama, pool: rented, accelerators: 2, from: 2026-11-01}
  - {model: llama, pool: rented, accelerators: 4, from: 2026-11-11}`,
      says: 'serves: 6 accelerators of rented are in use at once, which has 4; end one with until:',
    },
  ])('is refused with $name', async ({ serves, says }) => {
    await expect(deskWith(infrastructure(serves), CALLED, 'infrastructure')).rejects.toThrow(says);
  });
});

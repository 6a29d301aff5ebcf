import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

const CONTRACT = `contract: 1
name: Example Corp 2026
currency: USD
from: 2026-01-01
until: 2027-01-01
applies_to: {providers: [anthropic, azure], accounts: ["prod-*"]}
terms:
  - {id: opus-fixed, models: [claude-opus-5-5], fixed: {input: 3.40, cache_write: {5m: 4.25, 1h: 6.80}}}
  - {id: tokens-12, discount_percent: 12}
  - {id: volume, models: ["gpt-*"], volume: {period: month, steps: [{from: 0, discount_percent: 0}, {from: 100000, discount_percent: 5}]}}
  - {id: commit-2026, commit: {amount: 500000, period: year, above: list_price}}
  - {id: gpt54-ptu, provisioned: {deployment: gpt54-prod, units: 50, hourly_per_unit: 1.00, reservation: {units: 40, monthly_per_unit: 260.00}}}
`;
const HARDWARE = `infrastructure: 1
currency: USD
pools:
  h100-a:
    accelerators: 8
    purchase_price: 300000
    residual_value: 30000
    depreciation: {method: straight_line, years: 4}
    in_service: 2026-02-01
    support_percent_per_year: 9
    power: {kw: 10.2, pue: 1.3, price_per_kwh: 0.12}
    hosting_per_month: 1500
    utilisation: 0.55
  cloud: {accelerators: 4, hourly_per_accelerator: 2.50}
serves:
  - {model: llama-3.3-70b, pool: h100-a, accelerators: 4, from: 2026-02-01}
  - {model: "qwen3-*", provider: vllm, pool: cloud}
`;

describe('rates overlays', () => {
  const here = desk();
  here.write('rates/contracts/example.yaml', CONTRACT);
  here.write('rates/infrastructure/gpu.yaml', HARDWARE);

  it.each([60, 80, 120])('shows terms and hours at %i columns', async (columns) => {
    const { code, out, err } = await here.aicostIn(
      { columns },
      'rates',
      'overlays',
      '--rates',
      'rates',
    );
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot(join(GOLDEN, `rates-overlays-${columns}.txt`));
  });

  // (270,000 / 35,040 + 27,000 / 8,760 + 1.5912 + 1,500 / 730) = 14.433665...; / 8 = 1.804208...;
  // / 0.55 = 3.280378...; the four of the cloud cost 10.
  it('gives the price of an hour to programs to the last digit', async () => {
    const answer = JSON.parse(
      await here.must('rates', 'overlays', '--rates', 'rates', '--format', 'json'),
    );
    expect(
      answer.hardware.map((row: Record<string, unknown>) => [
        row['pool'],
        row['cost_per_hour_usd'],
        row['cost_per_accelerator_hour_usd'],
        row['cost_per_busy_accelerator_hour_usd'],
      ]),
    ).toEqual([
      ['h100-a', '14.433665753424657534', '1.804208219178082192', '3.280378580323785803'],
      ['cloud', '10', '2.5', null],
    ]);
  });

  it('takes a contract by itself as well as a folder', async () => {
    const { contracts } = JSON.parse(
      await here.must(
        'rates',
        'overlays',
        '--rates',
        'rates/contracts/example.yaml',
        '--format',
        'json',
      ),
    );
    expect(contracts).toHaveLength(1);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SpendQuery } from '../../src/domain/spend.ts';
import type { UsageEvent } from '../../src/domain/usage.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event, inMemory } from '../support/ledgers.ts';

describe('a billion dollars', () => {
  it('of the cheapest tokens there are sum without losing an attodollar', () => {
    const folder = freshFolder();
    const path = join(folder, 'cheap.yaml');
    // $0.003625 per million, half of it in a batch: 1,812,500,000 attodollars (1e-18) a token.
    writeFileSync(path, cardText('cheap', { penny: { input: '0.003625', output: '0.01' } }));
    const { book } = cardsWith(path);
    const ledger = inMemory(book);
    // Each call stays within what one record can hold; each batch within what its sums can.
    const each = 1_103_448_275_862_069;
    const calls = 500;
    let wanted = 0n;
    for (let index = 0; index < calls; index += 1) {
      const input = each + index * 7;
      const one: UsageEvent = event({
        id: `c${index}`,
        provider: 'cheap',
        model: 'penny',
        serviceTier: 'batch',
        usage: {
          input,
          cacheRead: 0,
          cacheWrite: {},
          output: index,
          reasoning: 0,
          parts: {},
          fees: {},
        },
        tags: { team: `t${index % 3}` },
      });
      append(ledger, one);
      // 0.003625 / 10^6 / 2 dollars a token = 1,812,500,000 attodollars; 0.01 / 10^6 / 2 = 5,000,000,000.
      wanted += BigInt(input) * 1_812_500_000n + BigInt(index) * 5_000_000_000n;
    }
    const ask = (more: Partial<SpendQuery>): bigint =>
      ledger
        .spend({ span: {}, by: [], timeZone: 'UTC', where: [], ...more })
        .rows.reduce((sum, { cost }) => sum + cost, 0n);
    expect(wanted).toBeGreaterThan(10n ** 27n - 10n ** 24n);
    expect(ask({})).toBe(wanted);
    expect(ask({ by: [{ kind: 'tag', name: 'team' }], grain: 'day' })).toBe(wanted);
    expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
    ledger.close();
  });
});

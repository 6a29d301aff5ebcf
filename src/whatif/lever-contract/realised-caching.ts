import { breakEvenReads, realisedSaving, usesCache } from '../../domain/cache-saving.ts';
import { quotientText } from '../../domain/fraction-text.ts';
import { money, moneyText, ZERO } from '../../domain/money.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import { counted, grouped } from '../../domain/words.ts';
import type { Assumption } from './lever.ts';

/** What caching has saved so far on requests as they were, in lines for people and programs. */
export function realisedLines(classes: readonly RequestClass[]): readonly Assumption[] {
  let saved = ZERO;
  let [requests, read, unpriced] = [0n, 0n, 0n];
  const breakEven = new Map<string, Set<string>>();
  for (const { usage, rate, sku, requests: count } of classes) {
    if (!usesCache(usage)) continue;
    const saving = rate.kind === 'rated' ? realisedSaving(usage, rate.prices, count) : undefined;
    if (saving === undefined || rate.kind !== 'rated') {
      unpriced += count;
      continue;
    }
    saved = money(saved + saving);
    requests += count;
    read += usage.cacheRead;
    for (const ttl of usage.cacheWrite.keys()) {
      const reads = breakEvenReads(rate.prices, ttl);
      const name = ttl === 'default' ? '' : ` for ${ttl}`;
      if (reads === undefined || reads.part <= 0n) continue;
      const text = quotientText(reads, 2);
      const models = breakEven.get(text) ?? new Set();
      breakEven.set(text, models.add(`${sku.provider}/${rate.model}${name}`));
    }
  }
  return [
    {
      name: 'saved so far',
      value: `${moneyText(saved)} USD`,
      source: 'measured',
      note:
        `by caching: ${grouped(read)} tokens read from caches by ${counted(requests, 'request')}; their prompts at the price of input, less what was paid` +
        (unpriced === 0n ? '' : `; ${counted(unpriced, 'request')} without a price left out`),
    },
    ...[...breakEven].map(([value, models]): Assumption => ({
      name: 'break-even reads',
      value,
      source: 'declared',
      note: `a written token pays once it is read so often: ${[...models].join(', ')}`,
    })),
  ];
}

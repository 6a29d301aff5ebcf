import type { MeasuredCase } from './costed-prompt.ts';
import { type ImportedCounts, importedCount } from './counting/imported-count.ts';
import { sharedOut } from './counting/shared-out.ts';
import { addCounts, type TokenCount } from './counting/token-count.ts';

/**
 * A case with its provider's own count where one was imported for exactly its request, and as it is otherwise.
 * The total is shared out by what was counted of each part, within and behind the prefix, in whole tokens that add
 * up to it: what is left of rounding goes to the next part. So no prefix is longer than its part. Shares have no
 * band, and how they came about stays said of them: the provider counts wholes alone.
 */
export function exactCase(measured: MeasuredCase, counts: ImportedCounts): MeasuredCase {
  const { request, parts } = measured;
  if (request === undefined || counts.size === 0) return measured;
  const tokens = importedCount(counts, request.model, request.body);
  if (tokens === undefined) return measured;
  const shares = sharedOut(
    tokens.tokens,
    parts.flatMap((part) => [
      Math.min(part.prefix.tokens, part.tokens.tokens),
      Math.max(0, part.tokens.tokens - part.prefix.tokens),
    ]),
  );
  const shared = parts.map((part, index) => {
    const [within = 0, behind = 0] = shares.slice(2 * index, 2 * index + 2);
    return {
      ...part,
      tokens: shareOf(within + behind, part.tokens),
      prefix: shareOf(within, part.prefix),
    };
  });
  return {
    ...measured,
    parts: shared,
    tokens,
    prefix: addCounts(...shared.map(({ prefix }) => prefix)),
  };
}

const shareOf = (tokens: number, { source }: TokenCount): TokenCount => ({
  tokens,
  low: tokens,
  high: tokens,
  source,
});

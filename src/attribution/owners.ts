import { fitsFilter } from '../domain/filter-text.ts';
import type { OwnerRule } from '../domain/tag-rules.ts';

/** Whom to ask about spend of which some dimensions are known, null where it has none; `undefined` when no rule says. */
export const ownerOf = (
  owners: readonly OwnerRule[],
  valueOf: (name: string) => string | null,
): OwnerRule | undefined =>
  owners.find(({ where }) =>
    where.every((filter) => fitsFilter(filter, valueOf(filter.dimension.name))),
  );

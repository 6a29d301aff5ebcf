import { tagNamed } from '../domain/required-tags.ts';
import { sharedKeys } from '../domain/shared-keys.ts';
import type { Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  callsThat,
  costCell,
  countCell,
  textCell,
} from './audit-section.ts';

/** Keys that several features share, and the spend through them that names none of these. */
export function keysSection({ ask }: AuditSubject, fewestFeatures: number): AuditSection {
  const { rows } = ask({ by: [tagNamed('api_key'), tagNamed('feature')] });
  const shared = sharedKeys(rows, fewestFeatures);
  const table: Table = {
    name: 'shared_keys',
    title: 'Keys shared by several features',
    columns: [
      { key: 'api_key', title: 'Key', yields: 0 },
      { key: 'features', title: 'Features', yields: 1 },
      { key: 'feature_names', title: 'Named', yields: 5, wraps: true },
      { key: 'requests', title: 'Calls', yields: 4 },
      { key: 'cost_usd', title: 'Spend', yields: 2 },
      { key: 'unsplittable_requests', title: 'Unsplit', yields: 3 },
      { key: 'unsplittable_cost_usd', title: 'Cannot be split', yields: 0 },
    ],
    rows: shared.map(({ key, features, calls, unsplittable }) => [
      textCell(key),
      countCell(BigInt(features.length)),
      textCell(features.join(', ')),
      countCell(calls.requests),
      costCell(calls),
      countCell(unsplittable.requests),
      costCell(unsplittable),
    ]),
    empty: `No key is shared by ${fewestFeatures} features or more.`,
  };
  const findings = shared.flatMap(({ key, features, unsplittable }) =>
    unsplittable.requests === 0n
      ? []
      : [
          {
            code: 'shared-key',
            message: `key ${key} serves ${features.length} features, and ${callsThat(unsplittable, 'names', 'name')} none of them`,
            calls: unsplittable,
            show: 'keys' as const,
          },
        ],
  );
  return { name: 'keys', tables: [table], findings };
}

import type { Database } from './database.ts';

/** A tag whose values are kept with each call, because hardly two calls share one. */
export interface IdentifierTag {
  readonly key: string;
  /** Different values, and calls that had one, when that was found out; null where aicost.yaml asked for it. */
  readonly seen: { readonly values: number; readonly requests: number } | null;
}

const BY_KEY = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The identifiers of a ledger, by key. */
export const identifierTags = (database: Database): readonly IdentifierTag[] =>
  database
    .prepare<[], { key: string; values_seen: number | null; requests_seen: number | null }>(
      'SELECT key, values_seen, requests_seen FROM identifier_tag',
    )
    .all()
    .sort((a, b) => BY_KEY(a.key, b.key))
    .map(({ key, values_seen: values, requests_seen: requests }) => ({
      key,
      seen: values === null || requests === null ? null : { values, requests },
    }));

/** Their keys alone. */
export const identifierKeys = (database: Database): ReadonlySet<string> =>
  new Set(database.prepare<[], string>('SELECT key FROM identifier_tag').pluck().all());

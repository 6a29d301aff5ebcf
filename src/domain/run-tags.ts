import type { UsageEvent } from './usage.ts';

/** What a source says once about all calls of a run, in a record that is no call: a trace. */
export interface RunTags {
  readonly run: string;
  /** Tags from the record's own columns: the calls' own win over them. */
  readonly columns: Readonly<Record<string, string>>;
  /** Tags that somebody set on the run: they win over columns, also over those that its calls repeat. */
  readonly custom: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
}

/** A call with the tags of its run. The same however often and in whichever order they meet. */
export function withRunTags(event: UsageEvent, { columns, custom, labels }: RunTags): UsageEvent {
  const tags = { ...columns, ...event.tags };
  for (const [key, value] of Object.entries(custom)) {
    const own = event.tags[key];
    if (own === undefined || own === columns[key]) tags[key] = value;
  }
  const all = [...new Set([...(event.labels ?? []), ...labels])].sort();
  return { ...event, tags, ...(all.length > 0 && { labels: all }) };
}

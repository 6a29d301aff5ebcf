import { type RunTags, withRunTags } from '../domain/run-tags.ts';
import type { Database } from './database.ts';
import { settleBlocks } from './event-blocks.ts';
import type { IncomingEvent } from './event-placement.ts';
import { readEvents, type StoredEvent } from './stored-event.ts';

/** Tags of runs, kept for the calls that are still to come. */
export interface RunTagsTable {
  /** Looks whether there are any; called once a transaction, since another process may have added some. */
  readonly look: () => void;
  readonly areUsed: () => boolean;
  /** Keeps the tags; returns the run's calls that are already there, as they were and with the tags. */
  readonly keep: (tags: RunTags) => readonly {
    readonly present: StoredEvent;
    readonly wiser: IncomingEvent;
  }[];
  /** A call with the tags of its run, if there are any. */
  readonly tagged: (incoming: IncomingEvent) => IncomingEvent;
}

/** Opens the table of tags that belong to runs. */
export function openRunTags(database: Database): RunTagsTable {
  const keep = database.prepare(
    `INSERT INTO run_tags (run, columns, custom, labels) VALUES (?, ?, ?, ?)
     ON CONFLICT (run) DO UPDATE SET columns = excluded.columns, custom = excluded.custom, labels = excluded.labels`,
  );
  const find = database.prepare<
    [string],
    { readonly columns: string; readonly custom: string; readonly labels: string }
  >('SELECT columns, custom, labels FROM run_tags WHERE run = ?');
  const any = database.prepare('SELECT 1 FROM run_tags LIMIT 1');
  let used = false;
  return {
    look: () => void (used ||= any.get() !== undefined),
    areUsed: () => used,
    keep(tags) {
      used = true;
      const { run, columns, custom, labels } = tags;
      keep.run(run, ...[columns, custom, labels].map((part) => JSON.stringify(part)));
      settleBlocks(database);
      // Read to the end first: rows cannot be changed while they are being read.
      return Array.from(readEvents(database, 'WHERE event.run = ?', [run]), (present) => ({
        present,
        wiser: { ...present, event: withRunTags(present.event, tags) },
      }));
    },
    tagged(incoming) {
      if (!used) return incoming;
      const run = incoming.event.tags['run'];
      const row = run === undefined ? undefined : find.get(run);
      if (run === undefined || row === undefined) return incoming;
      const tags = {
        run,
        columns: JSON.parse(row.columns),
        custom: JSON.parse(row.custom),
        labels: JSON.parse(row.labels),
      };
      return { ...incoming, event: withRunTags(incoming.event, tags) };
    },
  };
}

import type { AdapterReader, Normalized } from './adapter.ts';

/** `Adapter.normalize` of a format whose records belong together: a source of one record, read to its end. */
export const readAlone =
  (open: () => AdapterReader) =>
  (record: unknown): Normalized => {
    const reader = open();
    const { events, skipped } = reader.normalize(record);
    const waiting = reader.end();
    // What waited for more has become an event, so it is not left out.
    return waiting.length > 0
      ? { events: [...events, ...waiting] }
      : { events, ...(skipped !== undefined && { skipped }) };
  };

import type { BillAdapter } from '../adapters/bills-contract/bill-adapter.ts';
import type { Adapter } from '../adapters/contract/adapter.ts';
import { type Origin, UserError } from '../errors.ts';

/** What reads a record: an adapter of usage or one of bills. */
export type AnyAdapter = Adapter | BillAdapter;

/** Whether a format is one of bills, whose lines are kept apart from usage. */
export const isBillAdapter = (adapter: AnyAdapter): adapter is BillAdapter => 'reads' in adapter;

/** Decides record by record which adapter reads a source. Files may mix formats. */
export interface FormatFinder {
  /** The adapter of a record; `undefined` when none recognizes it. Throws UserError when two do. */
  adapterFor(record: unknown, origin: Origin): AnyAdapter | undefined;
  /** The adapter of usage that was found last and is asked first; `undefined` before, or when it is one of bills. */
  readonly current: () => Adapter | undefined;
  /** Tells that a record of the source was found to be in a format without being asked for. */
  readonly found: (adapter: Adapter) => void;
}

/** Finds by asking every adapter, the last successful one first. */
export function createFormatFinder(adapters: readonly AnyAdapter[]): FormatFinder {
  let last: AnyAdapter | undefined;
  const current = (): Adapter | undefined =>
    last === undefined || isBillAdapter(last) ? undefined : last;
  return {
    current,
    found: (adapter) => void (last = adapter),
    adapterFor(record, origin) {
      if (last?.recognizes(record) === true) return last;
      const owner = adapters.find((adapter) => owns(adapter, record));
      if (owner !== undefined) return (last = owner);
      const [found, other] = adapters.filter((adapter) => adapter.recognizes(record));
      if (found !== undefined && other !== undefined)
        throw new UserError(`both ${found.id} and ${other.id} recognize this record`, {
          origin,
          hint: 'Choose one with --adapter.',
        });
      if (found !== undefined && !isBillAdapter(found) && found.refuses !== undefined)
        throw new UserError(`${found.title}: ${found.refuses.reason}`, {
          origin,
          hint: found.refuses.remedy,
        });
      last = found ?? last;
      return found;
    },
  };
}

const owns = (adapter: AnyAdapter, record: unknown): boolean =>
  !isBillAdapter(adapter) && adapter.owns?.(record) === true && adapter.recognizes(record);

/** A finder that always answers with the adapter the user chose. */
export const fixedFormat = (adapter: AnyAdapter): FormatFinder => ({
  adapterFor: () => adapter,
  current: () => (isBillAdapter(adapter) ? undefined : adapter),
  found: () => undefined,
});

/** The error of a source in which no record was recognized. */
export const unknownFormat = (adapters: readonly AnyAdapter[], origin: Origin): UserError =>
  new UserError('no known usage format in this file', {
    origin,
    hint: `Known: ${adapters.map(({ id }) => id).join(', ')}. Describe another JSONL or CSV with --map FILE (see README, "Any other log").`,
  });

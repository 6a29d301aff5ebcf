import type { RunTags } from '../../domain/run-tags.ts';
import type { UsageEvent } from '../../domain/usage.ts';
import type { DirectReading } from './direct-reading.ts';
import type { Skimming } from './skimming.ts';

/** What one source record turned into. A record that carries no call of its own says why not. */
export interface Normalized {
  readonly events: readonly UsageEvent[];
  /** One reason per call-like thing left out on purpose: `user message`, `sum over child spans`. */
  readonly skipped?: readonly string[];
  /** Tags that the record gives to all calls of a run, in whichever file and order those come. */
  readonly tagsFor?: RunTags;
}

/** Reads the records of one source whose meaning depends on those before: stream events, session logs. */
export interface AdapterReader {
  /** As Adapter.normalize, remembering what the record says about later ones. */
  readonly normalize: (record: unknown) => Normalized;
  /** The events that were waiting for more when the source ended. */
  readonly end: () => readonly UsageEvent[];
}

/** Reads one usage format. Pure: sees one record at a time, touches no file, clock or ledger. */
export interface Adapter {
  /** Equals the file name: what `--adapter` takes and what the ledger records. */
  readonly id: string;
  /** Producer and export, as `aicost ingest --list` lists it. */
  readonly title: string;
  /** Where the format is documented, and when that was last read. */
  readonly source: { readonly url: string; readonly checked: string };
  /** Whether this record is certainly in this format. Cheap: it is asked for every record of a mixed file. */
  recognizes(record: unknown): boolean;
  /**
   * For formats of many small files: whether a record that it recognizes is certainly in no other format, so that none
   * has to be asked. Told by the record's own keys, and of their values by those that are facts to `direct`.
   */
  readonly owns?: (record: unknown) => boolean;
  /** Throws DecodeError on a malformed record; the run goes on and counts it as rejected. */
  normalize(record: unknown): Normalized;
  /**
   * For formats whose lines are mostly long and no usage: how those are told without being parsed. Asked once a
   * record of the source was in this format.
   */
  readonly skim?: Skimming;
  /** For formats of long logs: how most of their lines are read without being parsed. Not together with `open`. */
  readonly direct?: DirectReading;
  /**
   * For formats whose records belong together: a reader for one source, used instead of `normalize`.
   * Such a source is read from its beginning each time it has grown.
   */
  readonly open?: () => AdapterReader;
  /**
   * For tables: every column that the format is known to have, in lower case, read or not; `x_*` stands
   * for all that begin so. A column outside is counted in the summary, since something may be lost.
   */
  readonly columns?: readonly string[];
  /** For formats that prove no usage: why they are refused, and what to ingest instead. */
  readonly refuses?: { readonly reason: string; readonly remedy: string };
}

/** A record that is no call. */
export const skip = (reason: string): Normalized => ({ events: [], skipped: [reason] });

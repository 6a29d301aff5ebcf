import type { UsageEvent } from '../../domain/usage.ts';

/** What one source record turned into. A record that carries no call of its own says why not. */
export interface Normalized {
  readonly events: readonly UsageEvent[];
  /** One reason per call-like thing left out on purpose: `user message`, `sum over child spans`. */
  readonly skipped?: readonly string[];
}

/** Reads one usage format. Pure: sees one record at a time, touches no file, clock or ledger. */
export interface Adapter {
  /** Equals the file name: what `--adapter` takes and what the ledger records. */
  readonly id: string;
  /** Producer and export, as `aicost ingest --formats` lists it. */
  readonly title: string;
  /** Where the format is documented, and when that was last read. */
  readonly source: { readonly url: string; readonly checked: string };
  /** Whether this record is certainly in this format. Cheap: it is asked for every record of a mixed file. */
  recognizes(record: unknown): boolean;
  /** Throws DecodeError on a malformed record; the run goes on and counts it as rejected. */
  normalize(record: unknown): Normalized;
}

/** A record that is no call. */
export const skip = (reason: string): Normalized => ({ events: [], skipped: [reason] });

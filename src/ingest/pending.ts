import type { RunTags } from '../domain/run-tags.ts';
import type { IncomingBillLine } from '../ledger/bill-lines.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Checkpoint } from '../ledger/source-files.ts';
import type { IngestTally } from './ingest-tally.ts';

/** What was read of a source, and how far. */
export interface ReadPart {
  readonly events: readonly IncomingEvent[];
  readonly billLines: readonly IncomingBillLine[];
  readonly runTags: readonly RunTags[];
  /** Absent for a pipe, and for a file in no known format. */
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * What was read and is not yet committed: of one source, or of many small ones, since a transaction costs
 * more than an agent's session. What is lost with it is read again.
 */
export class Pending {
  #parts: ReadPart[] = [];
  #size = 0;
  readonly #ledger: Ledger;
  readonly #tally: IngestTally;

  constructor(ledger: Ledger, tally: IngestTally) {
    this.#ledger = ledger;
    this.#tally = tally;
  }

  /** About how many events, lines of bills, tags of runs and checkpoints wait. */
  get size(): number {
    return this.#size;
  }

  add(part: ReadPart): void {
    this.#parts.push(part);
    this.#size += 1 + part.events.length + part.billLines.length + part.runTags.length;
  }

  /** Commits all that waits, each source's checkpoint with its events. */
  commit(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    this.#size = 0;
    this.#tally.appended(
      this.#ledger.append(
        parts.flatMap(({ events }) => events),
        parts.flatMap(({ checkpoint }) => checkpoint ?? []),
        parts.flatMap(({ billLines }) => billLines),
        parts.flatMap(({ runTags }) => runTags),
      ),
    );
  }
}

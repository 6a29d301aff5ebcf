import type { RunTags } from '../domain/run-tags.ts';
import type { IncomingBillLine } from '../ledger/bill-lines.ts';
import { countOf, type IncomingEvents } from '../ledger/append.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { PackedPart } from '../ledger/packed-part.ts';
import type { Checkpoint } from '../ledger/source-files.ts';
import type { IngestTally } from './ingest-tally.ts';

/** What was read of a source, and how far. */
export interface ReadPart<Events = readonly IncomingEvent[]> {
  readonly events: Events;
  readonly billLines: readonly IncomingBillLine[];
  readonly runTags: readonly RunTags[];
  /** Absent for a pipe, and for a file in no known format. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Events a transaction: each writes the cells of its hours once. */
const TRANSACTION = 50_000;

/**
 * What was read and is not yet committed: of one source, or of many small ones, since a transaction costs
 * more than an agent's session. What is lost with it is read again.
 */
export class Pending {
  #writing: ReturnType<Ledger['writing']> | undefined;
  #checkpoints: Checkpoint[] = [];
  #size = 0;
  readonly #ledger: Ledger;
  readonly #tally: IngestTally;

  readonly #onEvents: ((events: readonly IncomingEvent[]) => void) | undefined;

  constructor(
    ledger: Ledger,
    tally: IngestTally,
    onEvents?: (events: readonly IncomingEvent[]) => void,
  ) {
    this.#ledger = ledger;
    this.#tally = tally;
    this.#onEvents = onEvents;
  }

  /** Writes a part, to be committed when there is enough of them. */
  readonly add = ({ events, billLines, runTags, checkpoint }: ReadPart<IncomingEvents>): void => {
    const size = countOf(events) + billLines.length + runTags.length;
    if (size === 0 && checkpoint === undefined) return;
    this.#onEvents?.(events instanceof PackedPart ? events.events() : events);
    this.#writing ??= this.#ledger.writing();
    this.#tally.appended(this.#writing.add(events, billLines, runTags));
    if (checkpoint !== undefined) this.#checkpoints.push(checkpoint);
    this.#size += 1 + size;
    if (this.#size >= TRANSACTION) this.commit();
  };

  /** Commits all that was added, each source's checkpoint with its events. */
  commit(): void {
    const writing = this.#writing;
    const checkpoints = this.#checkpoints;
    this.#writing = undefined;
    this.#checkpoints = [];
    this.#size = 0;
    writing?.commit(checkpoints);
  }
}

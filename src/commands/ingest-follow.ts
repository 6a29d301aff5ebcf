import { counted, grouped } from '../domain/words.ts';
import { follow, type Look } from '../ingest/follow.ts';
import type { IngestRequest } from '../ingest/ingest.ts';
import { type IngestCounts, together } from '../ingest/ingest-tally.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Runtime } from '../runtime.ts';
import type { Progress } from './progress.ts';

/** Milliseconds between two looks at the followed files. */
const EVERY_MS = 1_000;

/** Reads files and what is added to them until the user stops it; the counts of everything that was read. */
export async function ingestUntilStopped(
  { stdin: _stdin, onProgress: _onProgress, ...request }: IngestRequest,
  {
    ledger,
    runtime,
    progress,
  }: {
    readonly ledger: Ledger;
    readonly runtime: Runtime;
    readonly progress: Progress;
  },
): Promise<IngestCounts> {
  let stopped = false;
  let wake = (): void => undefined;
  runtime.onInterrupt(() => {
    stopped = true;
    wake();
  });
  let sofar: IngestCounts | undefined;
  const onLook = ({ counts, missing }: Look): void => {
    sofar = sofar === undefined ? counts : together(sofar, counts);
    const waiting = missing.length === 0 ? '' : `; waiting for ${missing.join(', ')}`;
    progress.show(
      `${counted(sofar.records, 'record')} read, ${grouped(sofar.added)} new; following, Ctrl-C ends${waiting}`,
    );
  };
  await follow(
    {
      ...request,
      interval: EVERY_MS,
      now: runtime.now,
      stopped: () => stopped,
      wait: (milliseconds) =>
        new Promise((resolve) => {
          wake = resolve;
          void runtime.wait(milliseconds).then(resolve);
        }),
      onLook,
    },
    ledger,
  );
  // There is always one look.
  if (sofar === undefined) throw new Error('nothing was looked at');
  return sofar;
}

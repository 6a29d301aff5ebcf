// What a thread runs that reads files for the one that writes the ledger (threaded-reading.ts).
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { finderFor, readableFormats } from './formats.ts';
import { readSource } from './ingest-file.ts';
import { CountNotes } from './noted-counts.ts';
import { EventPacker } from './packed-events.ts';
import type { ReadPart } from './pending.ts';
import type { ReadingJob, ReadingMessage, ReadingOrder, ReadingSettings } from './reading-job.ts';
import { bytesOf } from './source-bytes.ts';

/** Events a part, one message each: what is garbage before V8 has copied it twice costs little. */
const PART = 500;
/** Events of parts that may wait to be written, besides those of the last. */
const AHEAD = 1_000;
/** Rejected records that wait at most for a part to go with. */
const REJECTIONS = 1_000;

if (parentPort === null) throw new Error('this file is run by a thread');
const port = parentPort;
const { additions, adapter } = workerData as ReadingSettings;
const formats = await readableFormats();

const send = (message: ReadingMessage, buffers: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...buffers]);
const packer = new EventPacker();
const counts = new CountNotes(() => {
  if (counts.rejections >= REJECTIONS) send({ kind: 'counts', counts: counts.take() });
});

const jobs: ReadingJob[] = [];
let ahead = 0;
port.on('message', (order: ReadingOrder) => {
  if (order.kind === 'read') jobs.push(order.job);
  else ahead -= order.size;
});

async function read(job: ReadingJob): Promise<void> {
  const take = async ({ events, ...part }: ReadPart): Promise<void> => {
    const packed = packer.pack(events, job.fileId);
    const buffers = [packed.numbers.buffer, packed.lengths.buffer];
    const size = Math.max(1, events.length + part.billLines.length + part.runTags.length);
    send({ kind: 'part', part, events: packed, size, counts: counts.take() }, buffers);
    ahead += size;
    while (ahead > AHEAD) await once(port, 'message');
  };
  try {
    const recognized = await readSource(
      { ...job, bytes: (offset) => bytesOf(job, job.state, offset) },
      finderFor(adapter, formats),
      additions,
      { part: PART, take },
      counts,
    );
    send({ kind: 'done', recognized, counts: counts.take() });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, origin, hint } = error;
    send({ kind: 'refused', message, origin, hint, counts: counts.take() });
  }
}

// Until the thread that writes ends this one.
for (;;) {
  const job = jobs.shift();
  if (job === undefined) await once(port, 'message');
  else await read(job);
}

// What a thread runs that reads a large file for the one that writes the ledger (threaded-reading.ts).
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { finderFor, readableFormats } from './formats.ts';
import { readSource } from './ingest-file.ts';
import { CountNotes } from './noted-counts.ts';
import { EventPacker } from './packed-events.ts';
import type { ReadPart } from './pending.ts';
import type { ReadingJob, ReadingMessage } from './reading-job.ts';
import { bytesOf } from './source-bytes.ts';

/** Events a part, one message each: what is garbage before V8 has copied it twice costs little. */
const PART = 500;
/** Parts that may wait to be written. */
const AHEAD = 2;
/** Rejected records that wait at most for a part to go with. */
const REJECTIONS = 1_000;

async function read(job: ReadingJob): Promise<void> {
  const send = (message: ReadingMessage, buffers: readonly ArrayBuffer[] = []): void =>
    parentPort?.postMessage(message, [...buffers]);
  const counts = new CountNotes(() => {
    if (counts.rejections >= REJECTIONS) send({ kind: 'counts', counts: counts.take() });
  });
  const packer = new EventPacker();
  let ahead = 0;
  parentPort?.on('message', () => (ahead -= 1));
  const take = async ({ events, ...part }: ReadPart): Promise<void> => {
    const packed = packer.pack(events, job.fileId);
    const buffers = [packed.numbers.buffer, packed.lengths.buffer];
    send({ kind: 'part', part, events: packed, counts: counts.take() }, buffers);
    ahead += 1;
    while (ahead > AHEAD && parentPort !== null) await once(parentPort, 'message');
  };
  try {
    const formats = await readableFormats();
    const recognized = await readSource(
      { ...job, bytes: (offset) => bytesOf(job.path, job.state, offset) },
      finderFor(job.adapter, formats),
      job.additions,
      { part: PART, take },
      counts,
    );
    send({ kind: 'done', recognized, counts: counts.take() });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, origin, hint } = error;
    send({ kind: 'refused', message, origin, hint, counts: counts.take() });
  }
  parentPort?.close();
}

await read(workerData as ReadingJob);

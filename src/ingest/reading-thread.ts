// What a thread runs that reads files for the one that writes the ledger (threaded-reading.ts).
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { finderFor, readableFormats } from './formats.ts';
import { readSource } from './ingest-file.ts';
import { CountNotes } from './noted-counts.ts';
import { DirectLines } from './direct-lines.ts';
import { EventPacker } from './event-packer.ts';
import { packedCollector } from './packed-collector.ts';
import type { PackedEvents } from '../ledger/packed-events.ts';
import type { ReadPart } from './pending.ts';
import type {
  ReadingJob,
  ReadingMessage,
  ReadingNews,
  ReadingOrder,
  ReadingSettings,
} from './reading-job.ts';
import { bytesOf } from './source-bytes.ts';

/** Events a part and a message: what is garbage before V8 has copied it twice costs little. */
const PART = 500;
/** Events of parts that may wait to be written, besides those of the last: as many as are read while a transaction is committed. */
const AHEAD = 30_000;
/** What a file counts, however little it holds. */
const FILE = 5;
/** Rejected records that wait at most for a part to go with. */
const REJECTIONS = 1_000;

if (parentPort === null) throw new Error('this file is run by a thread');
const port = parentPort;
const { additions, adapter } = workerData as ReadingSettings;
const formats = readableFormats();

let untold: ReadingMessage[] = [];
/** Events and the like in what is not yet told. */
let untoldSize = 0;
/** Those that were told and are not yet written. */
let ahead = 0;

const packer = new EventPacker();
const direct = new DirectLines(packer);
const counts = new CountNotes(() => {
  if (counts.rejections >= REJECTIONS) tell({ kind: 'counts', counts: counts.take() }, PART);
});

/** Tells what many small files hold at once, since waking the other thread takes longer than to read one. */
function tell(message: ReadingMessage, size: number): void {
  untold.push(message);
  untoldSize += size;
  if (untoldSize >= PART) tellAll();
}

function tellAll(): void {
  const buffers = untold.flatMap((message) =>
    message.kind === 'part' ? [message.events.numbers.buffer, message.events.lengths.buffer] : [],
  );
  port.postMessage({ messages: untold, size: untoldSize } satisfies ReadingNews, buffers);
  ahead += untoldSize;
  [untold, untoldSize] = [[], 0];
}

const jobs: ReadingJob[] = [];
port.on('message', (order: ReadingOrder) => {
  if (order.kind === 'read') jobs.push(order.job);
  else ahead -= order.size;
});

async function read(job: ReadingJob): Promise<void> {
  const events = packedCollector(packer, direct, job.fileId);
  const take = async ({ events: packed, ...part }: ReadPart<PackedEvents>): Promise<void> => {
    const size = packed.count + part.billLines.length + part.runTags.length;
    tell({ kind: 'part', part, events: packed, counts: counts.take() }, size);
    while (ahead > AHEAD) await once(port, 'message');
  };
  try {
    const recognized = await readSource(
      { ...job, bytes: (offset) => bytesOf(job, job.state, offset) },
      finderFor(adapter, await formats),
      additions,
      { events, part: PART, take },
      counts,
    );
    tell({ kind: 'done', recognized, counts: counts.take() }, FILE);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    packer.drop();
    const { message, origin, hint } = error;
    tell({ kind: 'refused', message, origin, hint, counts: counts.take() }, FILE);
  }
}

// Until the thread that writes ends this one.
async function readAll(): Promise<never> {
  for (;;) {
    const job = jobs.shift();
    if (job !== undefined) await read(job);
    else {
      if (untold.length > 0) tellAll();
      await once(port, 'message');
    }
  }
}
void readAll();

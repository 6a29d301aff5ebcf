import { on } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { EventUnpacker, type PackedPart } from '../ledger/packed-part.ts';
import { type ReadingTally, tellNoted } from './noted-counts.ts';
import type { ReadPart } from './pending.ts';
import type {
  FileReading,
  ReadingJob,
  ReadingMessage,
  ReadingNews,
  ReadingOrder,
  ReadingSettings,
} from './reading-job.ts';
import { boundHeapGrowth } from './heap-growth.ts';

/** Megabytes for new objects in the thread, as boundHeapGrowth has it for the first one. */
const YOUNG_MB = 32;
/**
 * Files that the thread may know of besides the one that is being written. There is time to look at them while the
 * thread starts, and each that it has to ask for costs both threads more than reading a small one.
 */
const FILES_AHEAD = 1_000;
/** Files that the thread is told of at once, or when nothing else is to be done. */
const FILES_AT_ONCE = 32;

/** A thread that reads files, or is about to be ready for it. */
export interface ReadingThread {
  readonly worker: Worker;
  /** Ends it, whatever it does; it may have ended before. */
  readonly close: () => Promise<void>;
}

/** Starts a thread that reads files; a tenth of a second passes before it does. */
export function startThread(settings: ReadingSettings): ReadingThread {
  const script = new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(script, {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return { worker, close: async () => void (await worker.terminate()) };
}

/**
 * Reads files in a thread of its own, while what it has read is written in this one. Parts, counts and errors
 * come in the same order as without it.
 */
export function readInThread(
  { worker: thread, close }: ReadingThread,
  take: (part: ReadPart<PackedPart>) => void,
  tally: ReadingTally,
): FileReading {
  const order = (message: ReadingOrder): void => thread.postMessage(message);
  const news = on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[ReadingNews]>;
  const messages = messagesOf(news, (size) => order({ kind: 'taken', size }));
  const unpacker = new EventUnpacker();
  const tellOne = async (): Promise<boolean> => {
    for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
      const message = next.value;
      tellNoted(message.counts, tally);
      switch (message.kind) {
        case 'counts':
          break;
        case 'part':
          take({ ...message.part, events: unpacker.open(message.events) });
          boundHeapGrowth();
          break;
        case 'done':
          return message.recognized;
        case 'refused':
          throw refusal(message);
      }
    }
    throw new Error('the reading thread ended before its files');
  };
  const jobs: ReadingJob[] = [];
  const orderJobs = (): void => {
    if (jobs.length > 0) order({ kind: 'read', jobs: jobs.splice(0) });
  };
  return {
    ahead: FILES_AHEAD,
    begin(job) {
      jobs.push(job);
      if (jobs.length === 1) setImmediate(orderJobs);
      else if (jobs.length === FILES_AT_ONCE) orderJobs();
      return tellOne;
    },
    close,
  };
}

/** What a thread tells, one by one, until it ends; `taken` is called when all that was told at once is. */
async function* messagesOf(
  news: AsyncIterable<[ReadingNews]>,
  taken: (size: number) => void,
): AsyncGenerator<ReadingMessage, undefined> {
  for await (const [{ messages, size }] of news) {
    yield* messages;
    taken(size);
  }
  return undefined;
}

const refusal = ({
  message,
  origin,
  hint,
}: Extract<ReadingMessage, { kind: 'refused' }>): UserError =>
  new UserError(message, {
    ...(origin === undefined ? {} : { origin }),
    ...(hint === undefined ? {} : { hint }),
  });

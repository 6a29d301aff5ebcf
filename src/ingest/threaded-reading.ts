import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { type ReadingTally, tellNoted } from './noted-counts.ts';
import type { ReadPart } from './pending.ts';
import type { ReadingJob, ReadingMessage } from './reading-job.ts';
import { EventUnpacker } from './unpacked-events.ts';
import { boundYoungSpace } from './young-space.ts';

/** Bytes of a file from which a second thread saves more than its start costs. */
export const WORTH_A_THREAD = 32_000_000;

/** Megabytes for new objects in the thread, as boundYoungSpace has it for the first one. */
const YOUNG_MB = 32;

/** Whether this machine has a processor for a second thread. */
export const hasRoomForAThread = (): boolean => availableParallelism() > 1;

/**
 * Reads a file as readSource does, in a thread of its own, while what it has read is written in this one. Parts,
 * counts and errors come in the same order.
 */
export async function readInThread(
  job: ReadingJob,
  take: (part: ReadPart) => void,
  tally: ReadingTally,
): Promise<boolean> {
  const script = new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url);
  const thread = new Worker(script, {
    workerData: job,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const unpacker = new EventUnpacker();
  try {
    for await (const [message] of on(thread, 'message', { close: ['exit'] }) as AsyncIterable<
      [ReadingMessage]
    >) {
      tellNoted(message.counts, tally);
      switch (message.kind) {
        case 'counts':
          break;
        case 'part':
          take({ ...message.part, events: unpacker.unpack(message.events) });
          thread.postMessage('taken');
          boundYoungSpace();
          break;
        case 'done':
          return message.recognized;
        case 'refused':
          throw new UserError(message.message, {
            ...(message.origin === undefined ? {} : { origin: message.origin }),
            ...(message.hint === undefined ? {} : { hint: message.hint }),
          });
      }
    }
  } finally {
    await thread.terminate();
  }
  throw new Error('the reading thread ended before its file');
}

import { EventUnpacker, type PackedPart } from '../ledger/packed-part.ts';
import { DirectLines } from './direct-lines.ts';
import { EventPacker } from './event-packer.ts';
import type { FormatFinder } from './format-finder.ts';
import { readSource } from './ingest-file.ts';
import type { ReadingTally } from './noted-counts.ts';
import { packedCollector } from './packed-collector.ts';
import type { ReadPart } from './pending.ts';
import type { FileReading } from './reading-job.ts';
import { bytesOf } from './source-bytes.ts';
import type { Additions } from './source-reader.ts';

/** Events that wait in memory to be written, in a transaction that stays open meanwhile. */
const PART = 500;

/** As readAlone, for so much that it pays to learn which lines need not be parsed, as a thread of its own does. */
export function readPacked(
  { finder, additions }: { readonly finder: () => FormatFinder; readonly additions: Additions },
  take: (part: ReadPart<PackedPart>) => void,
  tally: ReadingTally,
): FileReading {
  const packer = new EventPacker();
  const direct = new DirectLines(packer);
  const unpacker = new EventUnpacker();
  return {
    ahead: 0,
    begin: (job) => async () => {
      try {
        return await readSource(
          { ...job, bytes: (offset) => bytesOf(job, job.state, offset) },
          finder(),
          additions,
          {
            events: packedCollector(packer, direct, job.fileId),
            part: PART,
            take: (part) => take({ ...part, events: unpacker.open(part.events) }),
          },
          tally,
        );
      } catch (error) {
        packer.drop();
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}

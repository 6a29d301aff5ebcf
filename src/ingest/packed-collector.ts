import type { PackedEvents } from '../ledger/packed-events.ts';
import type { DirectLines } from './direct-lines.ts';
import type { EventPacker } from './event-packer.ts';
import type { Collector } from './ingest-file.ts';

/** Collects the events of a file packed, those of lines that need not be parsed too. */
export const packedCollector = (
  packer: EventPacker,
  direct: DirectLines,
  fileId: number | null,
): Collector<PackedEvents> => ({
  add: (event) => packer.add(event),
  count: () => packer.count,
  take: () => packer.take(fileId),
  direct,
});

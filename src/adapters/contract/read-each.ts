import type { UsageEvent } from '../../domain/usage.ts';
import type { Normalized } from './adapter.ts';
import { DecodeError } from './decode-error.ts';

/**
 * Reads the parts of a record each by itself, to an event or to the reason why it is none. One bad part
 * does not cost the others; throws its DecodeError when there is no good one.
 */
export function readEach<Part>(
  parts: readonly Part[],
  nameOf: (part: Part) => string,
  read: (part: Part) => UsageEvent | string,
): Normalized {
  const events: UsageEvent[] = [];
  const skipped: string[] = [];
  let fault: DecodeError | undefined;
  for (const part of parts) {
    try {
      const outcome = read(part);
      if (typeof outcome === 'string') skipped.push(outcome);
      else events.push(outcome);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      fault ??= error;
      skipped.push(`${nameOf(part)}: ${error.message}`);
    }
  }
  if (fault !== undefined && events.length === 0) throw fault;
  return skipped.length > 0 ? { events, skipped } : { events };
}

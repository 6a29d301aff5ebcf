import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_USAGE } from '../../src/domain/usage.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { cardsWith, event } from '../support/ledgers.ts';

const folder = freshFolder();
const { book } = cardsWith();
let files = 0;

/** A record of one of a few messages: with or without its request, replayed or of a tool that knows neither. */
const record = fc
  .record({
    // Families whose keys sort differently as bytes and as UTF-16, and one with a NUL.
    message: fc.constantFrom('m', 'n\0', '\u{ffee}', '\u{1f600}'),
    request: fc.constantFrom('', ':r1', ':r2', ':\u{ffee}', ':\u{1f600}'),
    replay: fc.boolean(),
    knowsFamily: fc.boolean(),
    output: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ message, request, replay, knowsFamily, output }): IncomingEvent => {
    const id = `${message}${request}`;
    const usage = { ...NO_USAGE, output };
    return {
      event: { ...event({ id, usage }), ...(knowsFamily && { family: message, replay }) },
      key: id,
      format: 'test',
      fileId: null,
      line: 1,
    };
  });

/** What a ledger holds after records came in parts: its events and its families. */
function heldAfter(parts: readonly (readonly IncomingEvent[])[]) {
  const path = join(folder, `${(files += 1)}.db`);
  const ledger = openLedger(path, { book, now: () => NOW });
  const counts = { added: 0, duplicate: 0, completed: 0, joined: 0 };
  for (const part of parts) {
    const { added, duplicate, completed, joined } = ledger.append(part);
    counts.added += added;
    counts.duplicate += duplicate;
    counts.completed += completed;
    counts.joined += joined;
  }
  const wrong = ledger.prove().filter(({ holds }) => !holds);
  ledger.close();
  const database = new Sqlite(path, { readonly: true });
  const held = {
    events: database.prepare('SELECT key, output, replay FROM event ORDER BY key').all(),
    families: database.prepare('SELECT * FROM call_family ORDER BY family, event_key').all(),
    wrong,
    counts,
  };
  database.close();
  return held;
}

it('records of one call find each other alike, whether they are added together or one by one', () =>
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 2, maxLength: 14 }),
      fc.array(fc.nat({ max: 14 }), { maxLength: 3 }),
      (records, cuts) => {
        const edges = [0, ...[...cuts].sort((a, b) => a - b), records.length];
        const parts = edges.slice(1).map((end, index) => records.slice(edges[index], end));
        const oneByOne = heldAfter(records.map((each) => [each]));
        expect(heldAfter(parts)).toEqual(oneByOne);
        expect(oneByOne.wrong).toEqual([]);
      },
    ),
    { seed: 20_261_122, numRuns: 60, endOnFailure: true },
  ));

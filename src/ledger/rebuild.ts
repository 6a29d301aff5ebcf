import type { RateBook } from '../domain/rate-book.ts';
import { type Correction, correctionsSince } from '../domain/spend.ts';
import { bookDifferences, type Clock } from './corrections.ts';
import type { Database } from './database.ts';
import { settleBlocks } from './event-blocks.ts';
import { unsettleKeys } from './event-keys.ts';
import { bookedCorrections } from './month-closing.ts';
import { createRateAssignment } from './rate-assignment.ts';
import { rebuildRollups } from './rollup-building.ts';
import { markAllStale } from './rollup-days.ts';
import { type CardsInForce, ratedCards, setRatedCards } from './rated-cards.ts';
import { readEvents } from './stored-event.ts';

const HOUR_MS = 3_600_000;
const BATCH = 5_000;

/** The cube as the events say it should be; `condition` limits the events. */
export const cubeFromEvents = (condition: string): string => `
  SELECT coalesce(CAST(floor(time_ms / ${HOUR_MS}.0) AS INTEGER), -1000000000) AS hour, sku_id, rate_id, tag_set_id, status,
    sum(requests) AS requests, sum(input) AS input, sum(cache_read) AS cache_read, sum(cache_write) AS cache_write,
    sum(output) AS output, sum(reasoning) AS reasoning,
    -- In two parts, because a sum of picodollars overflows at 9.2 million dollars.
    coalesce(sum(reported_picodollars / 1000000), 0) + coalesce(sum(reported_picodollars % 1000000), 0) / 1000000 AS reported_microdollars,
    coalesce(sum(reported_picodollars % 1000000), 0) % 1000000 AS reported_rest,
    sum(CASE WHEN reported_picodollars IS NULL THEN 0 ELSE requests END) AS reported_requests
  FROM event ${condition} GROUP BY 1, 2, 3, 4, 5`;

/** The quantities beside the plain counts, cell by cell, as the events say. */
export const extrasFromEvents = (condition: string): string => `
  SELECT coalesce(CAST(floor(time_ms / ${HOUR_MS}.0) AS INTEGER), -1000000000) AS hour, sku_id, rate_id, tag_set_id, status,
    x.key AS name, sum(x.value) AS quantity
  FROM event JOIN json_each(event.extra) x ${condition === '' ? 'WHERE' : `${condition} AND`} event.extra IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`;

const CELLS = 'hour, sku_id, rate_id, tag_set_id, status';

const OF_SKUS = 'WHERE sku_id IN (SELECT value FROM json_each(?))';

function rebuildCube(database: Database, skus: string): void {
  database
    .prepare(`DELETE FROM cube_extra WHERE cube_id IN (SELECT id FROM cube ${OF_SKUS})`)
    .run(skus);
  database.prepare(`DELETE FROM cube ${OF_SKUS}`).run(skus);
  database
    .prepare(
      `INSERT INTO cube (${CELLS}, requests, input, cache_read, cache_write, output, reasoning, reported_microdollars, reported_rest, reported_requests)
       ${cubeFromEvents(OF_SKUS)}`,
    )
    .run(skus);
  database
    .prepare(
      `INSERT INTO cube_extra (cube_id, name, quantity)
       SELECT cube.id, e.name, e.quantity FROM (${extrasFromEvents(OF_SKUS)}) e JOIN cube USING (${CELLS})`,
    )
    .run(skus);
}

/** What a re-rating did. */
export interface Rerated {
  /** Skus whose card entry had changed. */
  readonly skus: number;
  readonly events: number;
  /** What it changed in closed months, booked as corrections; without those that it left alone. */
  readonly corrections: readonly Correction[];
}

// Closed months hold on to the rates that they were closed with.
const UNUSED_RATES = `DELETE FROM rate WHERE ${['cube', 'closed_cell', 'correction_cell']
  .map((table) => `id NOT IN (SELECT rate_id FROM ${table})`)
  .join(' AND ')}`;

/**
 * Gives every event the rate that the cards now say, touching only events whose model's card entry
 * changed, or all with `everything`. What that changes in closed months is booked as corrections, dated
 * `now`. Runs in one transaction: a reader sees the old rates or the new.
 */
export function rerate(
  database: Database,
  book: RateBook,
  cards: CardsInForce,
  now: Clock,
  everything = false,
): Rerated {
  if (!everything && ratedCards(database)?.digest === cards.digest) return NOTHING_CHANGED;
  const work = database.transaction((): Rerated => {
    const isUpToDate = ratedCards(database)?.digest === cards.digest;
    if (isUpToDate && !everything) return NOTHING_CHANGED;
    const rates = createRateAssignment(database, book);
    const skus = database
      .prepare<[], { id: number; provider: string; model: string; card_entry: string }>(
        'SELECT id, provider, model, card_entry FROM sku',
      )
      .all();
    const setEntry = database.prepare('UPDATE sku SET card_entry = ? WHERE id = ?');
    if (everything) database.exec('DELETE FROM cube_extra; DELETE FROM cube;');
    const changed: number[] = [];
    for (const sku of skus) {
      const entry = rates.cardEntry(sku.provider, sku.model);
      if (entry === sku.card_entry && !everything) continue;
      changed.push(sku.id);
      setEntry.run(entry, sku.id);
    }
    const events = changed.length === 0 ? 0 : rerateSkus(database, rates, JSON.stringify(changed));
    const before = bookedCorrections(database);
    bookDifferences(database, changed, now);
    const corrections = correctionsSince(before, bookedCorrections(database));
    if (changed.length > 0) {
      database.exec(UNUSED_RATES);
      markAllStale(database);
    }
    if (everything) {
      rebuildRollups(database);
      unsettleKeys(database);
    }
    if (!isUpToDate) setRatedCards(database, cards);
    return { skus: changed.length, events, corrections };
  });
  return work.immediate();
}

const NOTHING_CHANGED: Rerated = { skus: 0, events: 0, corrections: [] };

/** Gives the events of some skus, a JSON list, their rates, and sums them anew; returns how many they are. */
function rerateSkus(
  database: Database,
  rates: ReturnType<typeof createRateAssignment>,
  skus: string,
): number {
  settleBlocks(database);
  const setRate = database.prepare('UPDATE main.event SET rate_id = ? WHERE id = ?');
  const clause =
    'WHERE event.id > ? AND event.sku_id IN (SELECT value FROM json_each(?)) ORDER BY event.id LIMIT ?';
  let events = 0;
  for (let after = 0; ;) {
    const batch = [...readEvents(database, clause, [after, skus, BATCH])];
    for (const { rowId, event, ids } of batch) setRate.run(rates.rateId(event, ids.sku), rowId);
    events += batch.length;
    const last = batch.at(-1);
    if (last === undefined || batch.length < BATCH) break;
    after = last.rowId;
  }
  rebuildCube(database, skus);
  return events;
}

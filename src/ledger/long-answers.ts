import type { LongAnswer, LongAnswersQuery } from '../domain/long-answer.ts';
import { priceOf } from '../domain/unit-price.ts';
import type { Database } from './database.ts';
import { filterClause } from './dimension-sql.ts';
import { identifierKeys } from './identifier-tags.ts';
import { parseRate } from './stored-rate.ts';

interface Row {
  readonly rate_id: number;
  readonly key: string;
  readonly output: number;
}

/** Priced calls with longer answers than a limit, dearest beyond it first. Of each rate only its longest are looked at. */
export function longAnswers(
  database: Database,
  { span, where, above, limit }: LongAnswersQuery,
): readonly LongAnswer[] {
  const identifiers = identifierKeys(database);
  const conditions = [
    { text: "e.status = 'success' AND e.output > ?", values: [above] },
    ...(span.start === undefined ? [] : [{ text: 'e.time_ms >= ?', values: [span.start] }]),
    ...(span.end === undefined ? [] : [{ text: 'e.time_ms < ?', values: [span.end] }]),
    ...where.map((filter) => filterClause(filter, 'e', identifiers)),
  ];
  const rows = database
    .prepare<unknown[], Row>(
      `SELECT rate_id, key, output FROM (
         SELECT e.rate_id, e.key, e.output,
           row_number() OVER (PARTITION BY e.rate_id ORDER BY e.output DESC, e.key) AS place
         FROM event e WHERE ${conditions.map(({ text }) => text).join(' AND ')}
       ) WHERE place <= ?`,
    )
    .all(...conditions.flatMap(({ values }) => values), limit);
  const detail = database.prepare<[number], string>('SELECT detail FROM rate WHERE id = ?').pluck();
  return rows
    .flatMap(({ rate_id: id, key, output }) => {
      const text = detail.get(id);
      const rate = text === undefined ? undefined : parseRate(text);
      const price = rate?.kind === 'rated' ? rate.prices.get('output') : undefined;
      return price === undefined
        ? []
        : [{ id: key, output, beyond: priceOf(BigInt(output - above), price) }];
    })
    .sort((a, b) => (a.beyond === b.beyond ? (a.id < b.id ? -1 : 1) : a.beyond > b.beyond ? -1 : 1))
    .slice(0, limit);
}

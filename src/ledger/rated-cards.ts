import type { CardIdentity } from '../domain/rate-card.ts';
import type { Database } from './database.ts';

/** Which cards are in force: `digest` changes with any byte of them, `asOf` is the newest check of a card. */
export interface CardsInForce {
  readonly digest: string;
  readonly asOf: string;
  readonly byProvider: readonly CardIdentity[];
}

/** Which cards the ledger's rates come from; `undefined` before the first ingest. */
export function ratedCards(database: Database): CardsInForce | undefined {
  const get = database.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const [digest, asOf] = [get.get('cards_digest')?.value, get.get('cards_as_of')?.value];
  if (digest === undefined || asOf === undefined) return undefined;
  const byProvider = database
    .prepare<[], CardIdentity>(
      'SELECT provider, as_of AS asOf, digest FROM rated_card ORDER BY provider',
    )
    .all();
  return { digest, asOf, byProvider };
}

/** Remembers which cards the rates come from now. */
export function setRatedCards(
  database: Database,
  { digest, asOf, byProvider }: CardsInForce,
): void {
  const set = database.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  set.run('cards_digest', digest);
  set.run('cards_as_of', asOf);
  database.exec('DELETE FROM rated_card');
  const add = database.prepare('INSERT INTO rated_card (provider, as_of, digest) VALUES (?, ?, ?)');
  for (const card of byProvider) add.run(card.provider, card.asOf, card.digest);
}

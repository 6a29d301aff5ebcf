import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeRateCard } from '../src/config/rate-card-file.ts';
import { matchesGlob } from '../src/domain/globs.ts';
import { indexModels } from '../src/domain/model-lookup.ts';
import { parseMoney } from '../src/domain/money.ts';
import type { Alias, RateCard } from '../src/domain/rate-card.ts';
import { runIn } from './support/fake-runtime.ts';

interface CostCase {
  readonly id: string;
  readonly covers: readonly string[];
  readonly expected_usd: string | null;
}

const FIXTURES = join(import.meta.dirname, 'fixtures');
const RATES = join(import.meta.dirname, '../rates');

const casesOf = (...path: string[]): CostCase[] =>
  JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8'));

/** What `rates quote --stdin` answers, by id of the case. */
async function quotes(cases: readonly CostCase[]): Promise<ReadonlyMap<string, string | null>> {
  const stdin = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const { out } = await runIn({ stdin }, ['rates', 'quote', '--stdin']);
  return new Map(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, cost_usd: cost }) => [id, cost]),
  );
}

const exact = (text: string | null | undefined): bigint | null | undefined =>
  typeof text === 'string' ? parseMoney(text) : text;

const GOLDEN = casesOf('golden-costs.json');
const SIBLINGS = casesOf('rates', 'sibling-costs.json');
const HOSTS = casesOf('rates', 'host-costs.json');
const answers = await quotes([...GOLDEN, ...SIBLINGS, ...HOSTS]);

describe('the shipped cards', () => {
  it.each(GOLDEN)('cost what the vendor charges: $id ($covers)', ({ id, expected_usd }) => {
    expect(exact(answers.get(id))).toBe(exact(expected_usd));
  });

  // Worked out by hand from rates/; the arithmetic stands beside each case.
  it.each(SIBLINGS)('cost what the card says: $id ($covers)', ({ id, expected_usd }) => {
    expect(exact(answers.get(id))).toBe(exact(expected_usd));
  });

  // Likewise, for hosts, aggregators and the makers that sell beside them.
  it.each(HOSTS)('cost what the card of a host says: $id ($covers)', ({ id, expected_usd }) => {
    expect(exact(answers.get(id))).toBe(exact(expected_usd));
  });

  it('have no error', async () => {
    const { code, out } = await runIn({}, ['rates', 'lint', '--format', 'json']);
    const { rows } = JSON.parse(out);
    const errors = (rows as { severity: string }[]).filter(({ severity }) => severity === 'error');
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  });
});

const CARDS = readdirSync(RATES)
  .filter((name) => name.endsWith('.yaml') && name !== 'counting.yaml')
  .map((name) => ({
    name,
    card: decodeRateCard(readFileSync(join(RATES, name), 'utf8'), name, () => undefined),
  }));

const rowsOf = (card: RateCard) =>
  card.models.flatMap((model) => model.rows.map((row) => ({ model, row })));

describe.each(CARDS)('$name', ({ name, card }) => {
  it('is named for its provider', () => expect(name).toBe(`${card.provider}.yaml`));

  it('has a declared source for every row', () => {
    const without = rowsOf(card)
      .filter(
        ({ row }) => row.sources.length === 0 || row.sources.some((s) => !card.sources.has(s)),
      )
      .map(({ model, row }) => `${model.id}@${row.fromText}`);
    expect(without).toEqual([]);
  });

  it('has a declared source for every fee', () => {
    const without = [...card.fees].filter(([, dated]) =>
      dated.some(
        ({ sources }) => sources.length === 0 || sources.some((s) => !card.sources.has(s)),
      ),
    );
    expect(without).toEqual([]);
  });

  it('says of every source when it was read, and not after the day of the card', () => {
    const wrong = [...card.sources].filter(
      ([, { read }]) => !/^\d{4}-\d{2}-\d{2}$/.test(read) || read > card.asOf,
    );
    expect(wrong).toEqual([]);
  });

  it('names no source that nothing was read from', () => {
    const used = new Set([
      ...rowsOf(card).flatMap(({ row }) => row.sources),
      ...rowsOf(card).flatMap(({ row }) => row.othersSay.map(({ source }) => source)),
      ...rowsOf(card).flatMap(({ row }) => row.regions.flatMap(({ sources }) => sources)),
      ...[...card.fees.values()].flatMap((dated) => dated.flatMap(({ sources }) => sources)),
    ]);
    expect([...card.sources.keys()].filter((source) => !used.has(source))).toEqual([]);
  });

  it('has no model that the glob of another one catches', () => {
    const caught = card.models.flatMap(({ id: owner, match }) =>
      match === undefined
        ? []
        : card.models
            .filter(({ id }) => id !== owner)
            .flatMap(({ id, aliases }) => [id, ...aliases.map(({ name }) => name)])
            .filter((other) => matchesGlob(match.toLowerCase(), other.toLowerCase())),
    );
    expect(caught).toEqual([]);
  });

  it('finds every model by its id and by all its aliases', () => {
    const index = indexModels(card);
    const lost = card.models.flatMap(({ id, aliases }) =>
      [{ name: id }, ...aliases]
        .filter(({ name, from }: Alias) => index.find(name, from)?.id !== id)
        .map(({ name }) => name),
    );
    expect(lost).toEqual([]);
  });

  it('lists fees oldest first', () => {
    const unordered = [...card.fees].filter(([, dated]) =>
      dated.some(({ from }, index) => from <= (dated[index - 1]?.from ?? -Infinity)),
    );
    expect(unordered).toEqual([]);
  });

  it('has hours only with times of day in them', () => {
    const empty = rowsOf(card).filter(({ row }) =>
      row.hours.some(({ windows }) => windows.length === 0),
    );
    expect(empty).toEqual([]);
  });

  it('covers with multipliers only counts that exist', () => {
    const known = ['input', 'cache_read', 'cache_write', 'output', 'reasoning'];
    const covers = [...card.serviceTiers.values(), ...card.surcharges.values()].flatMap((one) =>
      one.covers === 'tokens' ? [] : one.covers,
    );
    expect(covers.filter((count) => !known.includes(count))).toEqual([]);
  });
});

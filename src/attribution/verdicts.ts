import type { AskSpend, Filter, SpendQuery } from '../domain/spend.ts';
import type { InferenceBasis } from '../domain/tag-rules.ts';
import { dimensionNamed } from '../domain/filter-text.ts';
import type { Attribution } from './attribution.ts';
import type { Found, Infer, RawValues } from './resolver.ts';
import { rowReader } from './row-reader.ts';
import { askByPieces } from './time-pieces.ts';

/** Calls that have to carry a tag themselves before others of their run, session or key are taken to belong with them. */
const LEAST_CALLS = 2n;
/** Millionths of those calls that have to agree. */
const LEAST_SHARE = 800_000n;

/** More values than this are looked up all at once. */
const MOST_ONE_BY_ONE = 8;

/** What most calls of a run, a session or a key say, over all time whatever span is asked for. */
export interface Verdicts {
  /** Looks up what some runs, sessions or keys say of a tag, before `of` is asked. */
  readonly learn: (basis: InferenceBasis, name: string, values: ReadonlySet<string>) => void;
  readonly of: (basis: InferenceBasis, name: string, value: string) => Found | undefined;
}

/** Reads verdicts from whatever answers questions about spend as it was logged. */
export function openVerdicts(ask: AskSpend, attribution: Attribution): Verdicts {
  const known = new Map<string, Map<string, Found | undefined>>();
  const tableOf = (basis: InferenceBasis, name: string): Map<string, Found | undefined> => {
    const key = JSON.stringify([basis, name]);
    const present = known.get(key);
    if (present !== undefined) return present;
    const table = new Map<string, Found | undefined>();
    known.set(key, table);
    return table;
  };
  return {
    learn(basis, name, values) {
      const table = tableOf(basis, name);
      const unknown = new Set([...values].filter((value) => !table.has(value)));
      if (unknown.size === 0) return;
      const counts = countValues(ask, attribution, { basis, name, values: unknown });
      for (const value of unknown) table.set(value, verdictOf(counts.get(value)));
    },
    of: (basis, name, value) => tableOf(basis, name).get(value),
  };
}

/** The first verdict among a call's run, session and key, in the order that the rules name them. */
export const inferBy =
  ({ rules, infers }: Attribution, verdicts: Verdicts, raw: RawValues): Infer =>
  (name) => {
    if (!infers(name)) return undefined;
    for (const basis of rules.infer) {
      const value = raw(basis);
      const found = value === null ? undefined : verdicts.of(basis, name, value);
      if (found !== undefined) return found;
    }
    return undefined;
  };

type Counts = ReadonlyMap<string, bigint>;

/** Of each value of a basis, how many calls carry which value of a tag as their own. */
function countValues(
  ask: AskSpend,
  attribution: Attribution,
  wanted: {
    readonly basis: InferenceBasis;
    readonly name: string;
    readonly values: ReadonlySet<string>;
  },
): ReadonlyMap<string, Counts> {
  const { basis, name, values } = wanted;
  const reads = [...new Set([basis, ...attribution.ownReadsOf(name)])].map(dimensionNamed);
  const has = (dimension: string): Filter => ({
    dimension: dimensionNamed(dimension),
    negated: true,
    pattern: '',
  });
  const narrowed: readonly Filter[][] =
    values.size > MOST_ONE_BY_ONE
      ? [[has(basis)]]
      : [...values].map((pattern) => [
          { dimension: dimensionNamed(basis), negated: false, pattern },
        ]);
  // Where only the tag itself decides, calls without it say nothing.
  const tagged = attribution.ownReadsOf(name).size === 1 ? [has(name)] : [];
  const counts = new Map<string, Map<string, bigint>>();
  for (const where of narrowed) {
    const query: SpendQuery = {
      span: {},
      by: reads,
      timeZone: 'UTC',
      where: [...where, ...tagged],
    };
    const raw = rowReader(reads);
    for (const { piece, answer } of askByPieces(ask, query, attribution.cutsOf([name]))) {
      const { own } = attribution.at(piece.at);
      for (const row of answer.rows) {
        const of = raw(row.key);
        const value = of(basis);
        const found = own(name, of);
        if (value === null || found === undefined || !values.has(value)) continue;
        const ofValue = counts.get(value) ?? new Map<string, bigint>();
        ofValue.set(found.value, (ofValue.get(found.value) ?? 0n) + row.requests);
        counts.set(value, ofValue);
      }
    }
  }
  return counts;
}

function verdictOf(counts: Counts | undefined): Found | undefined {
  let [all, most] = [0n, 0n];
  let value: string | undefined;
  for (const [candidate, calls] of counts ?? []) {
    all += calls;
    if (calls > most) [most, value] = [calls, candidate];
  }
  const share = all === 0n ? 0n : (most * 1_000_000n) / all;
  return value === undefined || all < LEAST_CALLS || share < LEAST_SHARE
    ? undefined
    : { value, source: 'inferred', certainty: Number(share) };
}

import { dimensionNamed, fitsFilter } from '../domain/filter-text.ts';
import type { AskSpend, Dimension, Filter, Span } from '../domain/spend.ts';
import { ATTRIBUTION_SOURCES, SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import type { Attribution } from './attribution.ts';
import type { RawValues } from './resolver.ts';
import { rowReader } from './row-reader.ts';
import { inferBy, type Verdicts } from './verdicts.ts';

/** A question about requests that names dimensions which rules may change. */
export interface RuledQuestion {
  readonly span: Span;
  readonly where: readonly Filter[];
  readonly by: readonly Dimension[];
  /** Conditions that are asked of requests beside those of `where`. */
  readonly conditions?: readonly (readonly Filter[])[];
}

/** What requests are, by rules, read from what they say of themselves. */
export interface ReplayLens {
  readonly touches: (filter: Filter) => boolean;
  /** Raw dimensions that the answer has to be grouped by. */
  readonly by: readonly Dimension[];
  /** The same, with what inference looks at; as `by` where nothing is inferred. */
  readonly byWithBases: readonly Dimension[];
  /** Conditions that no rule touches. */
  readonly where: readonly Filter[];
  /** Instants at which rules begin and end. */
  readonly cuts: readonly number[];
  /** The tags that may be inferred for what was asked. */
  readonly inferred: readonly string[];
  /** Looks up what the runs, sessions and keys of requests without such a tag say of it. */
  readonly learn: (ask: AskSpend) => void;
  /** Values of a request whose raw key belongs to `by`, or to `byWithBases` when it may be inferred. */
  readonly read: (
    key: readonly (string | null)[],
    time: number | undefined,
    bases: boolean,
  ) => Seen;
}

/** A request through the lens. */
export interface Seen {
  readonly valueOf: (dimension: Dimension) => string | null;
  /** Whether all conditions that rules touch hold. */
  readonly holds: (filters: readonly Filter[]) => boolean;
  /** Whether some of what may be inferred is not known of it yet. */
  readonly lacks: boolean;
}

/** The lens for a question; `undefined` where no rule touches what it names. */
export function replayLens(
  { span, where, by, conditions = [] }: RuledQuestion,
  attribution: Attribution,
  verdicts: Verdicts,
): ReplayLens | undefined {
  const named = [...by, ...[...where, ...conditions.flat()].map(({ dimension }) => dimension)];
  const all = new Set(named.flatMap(({ name }) => (attribution.touches(name) ? [name] : [])));
  if (all.size === 0) return undefined;
  const names = [...all].filter((name) => name !== SOURCE_DIMENSION);
  const inferred = [...new Set(names.flatMap(attribution.inferredFor))];
  const raw = new Set([
    ...by.filter(({ name }) => !all.has(name)).map(({ name }) => name),
    ...names.flatMap((name) => [...attribution.readsOf(name)]),
  ]);
  const plain = [...raw].map(dimensionNamed);
  const bases = inferred.length === 0 ? [] : attribution.rules.infer.map(dimensionNamed);
  const withBases = [...plain, ...bases.filter(({ name }) => !raw.has(name))];
  const untouched = where.filter(({ dimension }) => !all.has(dimension.name));
  const cuts = attribution.cutsOf(names);
  const readers = { plain: rowReader(plain), withBases: rowReader(withBases) };
  const touches = ({ dimension }: Filter): boolean => all.has(dimension.name);
  return {
    touches,
    by: plain,
    byWithBases: withBases,
    where: untouched,
    cuts,
    inferred,
    learn(ask) {
      for (const name of inferred)
        for (const basis of attribution.rules.infer) {
          const without = { dimension: dimensionNamed(name), negated: false, pattern: '' };
          const asked = { span, timeZone: 'UTC', by: [dimensionNamed(basis)] };
          const { rows } = ask({ ...asked, where: [...untouched, without] });
          verdicts.learn(basis, [name], new Set(rows.flatMap(({ key }) => key[0] ?? [])));
        }
    },
    read(key, time, inferring) {
      const values: RawValues = (inferring ? readers.withBases : readers.plain)(key);
      const { find } = attribution.at(ruleTime(time, cuts));
      const infer = inferring ? inferBy(attribution, verdicts, values) : undefined;
      const found = (name: string) => find(name, values, infer);
      const valueOf = ({ name }: Dimension): string | null => {
        if (name !== SOURCE_DIMENSION)
          return all.has(name) ? (found(name)?.value ?? null) : values(name);
        const sources = names.map((each) => found(each)?.source);
        return ATTRIBUTION_SOURCES.findLast((source) => sources.includes(source)) ?? null;
      };
      return {
        valueOf,
        holds: (filters) =>
          filters.filter(touches).every((filter) => fitsFilter(filter, valueOf(filter.dimension))),
        lacks: inferred.some((name) => find(name, values) === undefined),
      };
    },
  };
}

/** An instant under the same rules that is one for all of their time, so that rules are made ready once. */
const ruleTime = (time: number | undefined, cuts: readonly number[]): number | undefined =>
  time === undefined
    ? undefined
    : (cuts.findLast((cut) => cut <= time) ?? Number.NEGATIVE_INFINITY);

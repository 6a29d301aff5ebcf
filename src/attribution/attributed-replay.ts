import { dimensionNamed, fitsFilter } from '../domain/filter-text.ts';
import type { CallKind, OrderedCall } from '../domain/ordered-call.ts';
import {
  type ClassSample,
  type Cut,
  filtersName,
  mergeCuts,
  type ReplayLedger,
  type RequestClass,
} from '../domain/replay-question.ts';
import type { Dimension, Filter, Span } from '../domain/spend.ts';
import type { LongAnswer } from '../domain/long-answer.ts';
import type { Attribution } from './attribution.ts';
import type { RawValues } from './resolver.ts';
import { rowReader } from './row-reader.ts';
import { timePieces } from './time-pieces.ts';

/** Groups and conditions of a question, as it is asked of the ledger and answered for its asker. */
interface Expansion {
  /** All that decides, as it was logged. */
  readonly by: readonly Dimension[];
  /** Conditions that no rule touches. */
  readonly where: readonly Filter[];
  readonly instants: readonly number[];
  /** Where what was logged goes at an instant; `undefined` when it does not meet the conditions. */
  readonly keyOf: (
    logged: readonly (string | null)[],
    time: number | undefined,
  ) => readonly (string | null)[] | undefined;
  /** What a dimension is for it. */
  readonly valueOf: (
    logged: readonly (string | null)[],
    time: number | undefined,
    name: string,
  ) => string | null;
}

/**
 * Answers questions about requests by tags as fixed rules attribute them. As with spend, they are asked by the raw
 * tags that rules read, told apart where rules begin and end. Nothing is inferred: a simulation is of requests
 * whose owner somebody named.
 */
export function attributedReplay(ledger: ReplayLedger, attribution: Attribution): ReplayLedger {
  const { touches } = attribution;
  const isTouched = ({ name }: Dimension): boolean => touches(name);
  const anyTouched = (by: readonly Dimension[], where: readonly Filter[]): boolean =>
    by.some(isTouched) || where.some(({ dimension }) => isTouched(dimension));
  return {
    ...ledger,
    *replay(query) {
      const ruled = query.cuts.filter((cut) => cut.kind === 'where' && anyTouched([], cut.filters));
      if (!anyTouched(query.by, query.where) && ruled.length === 0) {
        yield* ledger.replay(query);
        return;
      }
      const conditions = ruled.flatMap((cut) => (cut.kind === 'where' ? cut.filters : []));
      const expansion = expanded(query, conditions, attribution);
      const { by, where, instants } = expansion;
      const asked: readonly Cut[] = query.cuts.filter((cut) => !ruled.includes(cut));
      const cuts =
        instants.length === 0 ? asked : mergeCuts([...asked, { kind: 'time', instants }]);
      for (const found of ledger.replay({ ...query, by, where, cuts })) {
        const key = expansion.keyOf(found.key, found.sample.time);
        if (key !== undefined)
          yield { ...found, key, sample: ruledSample(found, expansion, ruled) };
      }
    },
    *calls(query) {
      if (!anyTouched(query.by, query.where)) {
        yield* ledger.calls(query);
        return;
      }
      const expansion = expanded(query, [], attribution);
      const kinds = ruledKinds(expansion);
      const { by, where } = expansion;
      for (const call of ledger.calls({ ...query, by, where })) {
        const kind = kinds(call);
        if (kind !== undefined) yield { ...call, kind };
      }
    },
    longAnswers(query) {
      if (!anyTouched([], query.where)) return ledger.longAnswers(query);
      const { span } = query;
      const expansion = expanded({ ...query, by: [] }, [], attribution);
      const found = partsOf(ledger, span, expansion).flatMap((part) =>
        ledger.longAnswers({ ...query, ...part }),
      );
      return dearestFirst(found).slice(0, query.limit);
    },
  };
}

function expanded(
  asked: { readonly by: readonly Dimension[]; readonly where: readonly Filter[] },
  conditions: readonly Filter[],
  attribution: Attribution,
): Expansion {
  const { touches } = attribution;
  const filters = asked.where.filter(({ dimension }) => touches(dimension.name));
  const all = [...asked.by, ...[...filters, ...conditions].map(({ dimension }) => dimension)];
  const names = all.map(({ name }) => name).filter(touches);
  const raw = new Set([
    ...all.map(({ name }) => name),
    ...names.flatMap((name) => [...attribution.readsOf(name)]),
  ]);
  const by = [...raw].map(dimensionNamed);
  const read = rowReader(by);
  const finder = (logged: readonly (string | null)[], time: number | undefined) => {
    const values: RawValues = read(logged);
    const { find } = attribution.at(pieceAt(instants, time));
    return (name: string): string | null => find(name, values)?.value ?? null;
  };
  const instants = attribution.cutsOf(names);
  return {
    by,
    where: asked.where.filter((filter) => !filters.includes(filter)),
    instants,
    valueOf: (logged, time, name) => finder(logged, time)(name),
    keyOf(logged, time) {
      const valueOf = finder(logged, time);
      const fits = filters.every((filter) => fitsFilter(filter, valueOf(filter.dimension.name)));
      return fits ? asked.by.map(({ name }) => valueOf(name)) : undefined;
    },
  };
}

/** The beginning of the stretch between two changes of rules, so that rules are made ready once for all of it. */
function pieceAt(instants: readonly number[], time: number | undefined): number | undefined {
  if (time === undefined) return undefined;
  return instants.findLast((instant) => instant <= time) ?? Number.NEGATIVE_INFINITY;
}

/** A sample that tells also whether conditions hold that the ledger was not asked about. */
const ruledSample = (
  { key, sample }: RequestClass,
  { valueOf }: Expansion,
  ruled: readonly Cut[],
): ClassSample => ({
  ...sample,
  holds(filters) {
    const name = filtersName(filters);
    return ruled.some((cut) => cut.kind === 'where' && filtersName(cut.filters) === name)
      ? filters.every((filter) =>
          fitsFilter(filter, valueOf(key, sample.time, filter.dimension.name)),
        )
      : sample.holds(filters);
  },
});

/** Kinds of calls under their attributed keys, one object for all that are alike; `undefined` for calls left out. */
function ruledKinds({ instants, keyOf }: Expansion) {
  const kinds = new Map<CallKind, Map<number | undefined, CallKind | undefined>>();
  return ({ kind, time }: OrderedCall): CallKind | undefined => {
    const ofKind = kinds.get(kind) ?? new Map<number | undefined, CallKind | undefined>();
    kinds.set(kind, ofKind);
    const piece = pieceAt(instants, time);
    if (!ofKind.has(piece)) {
      const key = keyOf(kind.key, time);
      ofKind.set(piece, key === undefined ? undefined : { ...kind, key });
    }
    return ofKind.get(piece);
  };
}

/** The parts of a span, with exact conditions, that together hold the calls that meet attributed ones. */
function partsOf(
  ledger: ReplayLedger,
  span: Span,
  { by, where, instants, keyOf }: Expansion,
): readonly { readonly span: Span; readonly where: readonly Filter[] }[] {
  return timePieces(span, instants).flatMap((piece) => {
    const keys = new Map<string, readonly (string | null)[]>();
    for (const { key, sample } of ledger.replay({ span: piece.span, where, by, cuts: [] }))
      if (keyOf(key, sample.time) !== undefined) keys.set(JSON.stringify(key), key);
    return [...keys.values()].map((key) => ({
      span: piece.span,
      where: [
        ...where,
        ...by.map((dimension, index) => ({
          dimension,
          negated: false,
          pattern: key[index] ?? '',
        })),
      ],
    }));
  });
}

/** Each call once, since a value that holds a * is a pattern as a condition. */
function dearestFirst(answers: readonly LongAnswer[]): readonly LongAnswer[] {
  const once = new Map(answers.map((answer) => [answer.id, answer]));
  return [...once.values()].sort((one, other) =>
    one.beyond === other.beyond ? (one.id < other.id ? -1 : 1) : one.beyond > other.beyond ? -1 : 1,
  );
}

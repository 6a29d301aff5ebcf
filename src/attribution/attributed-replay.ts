import { dimensionNamed } from '../domain/filter-text.ts';
import type { CallKind, OrderedCall, OrderQuery } from '../domain/ordered-call.ts';
import type { Cut, ReplayLedger, ReplayQuery, RequestClass } from '../domain/replay-question.ts';
import type { LongAnswer, LongAnswersQuery } from '../domain/long-answer.ts';
import type { AskSpend, Dimension, Filter } from '../domain/spend.ts';
import type { Attribution } from './attribution.ts';
import { type ReplayLens, replayLens, type Seen } from './replay-lens.ts';
import type { Verdicts } from './verdicts.ts';

/** What a replay is laid over. */
export interface LoggedRequests {
  readonly replaying: ReplayLedger;
  /** Spend as it was logged. */
  readonly spend: AskSpend;
  /** Whether a call fits conditions on what rules make of it. */
  readonly fits: (id: string, where: readonly Filter[]) => boolean;
}

/**
 * Answers questions about requests as the rules attribute them: asked by the raw dimensions that rules read, told
 * apart where rules begin and end, and named and filtered by what they make of that. Sums stay exact.
 */
export function attributedReplay(
  { replaying, spend, fits }: LoggedRequests,
  attribution: Attribution,
  verdicts: Verdicts,
): ReplayLedger {
  const lensOf = (query: Parameters<typeof replayLens>[0]): ReplayLens | undefined =>
    replayLens(query, attribution, verdicts);
  return {
    ...replaying,
    replay(query) {
      const conditions = query.cuts.flatMap((cut) => (cut.kind === 'where' ? [cut.filters] : []));
      const lens = lensOf({ ...query, conditions });
      return lens === undefined ? replaying.replay(query) : classes(replaying, query, lens, spend);
    },
    calls(query) {
      const lens = lensOf(query);
      return lens === undefined ? replaying.calls(query) : calls(replaying, query, lens, spend);
    },
    longAnswers(query) {
      const lens = lensOf({ ...query, by: [] });
      return lens === undefined
        ? replaying.longAnswers(query)
        : longAnswers(replaying, query, lens, fits);
    },
  };
}

/** The classes of the ledger under the keys that were asked for; those that lack a tag are asked again with their runs. */
function* classes(
  { replay }: ReplayLedger,
  query: ReplayQuery,
  lens: ReplayLens,
  spend: AskSpend,
): Generator<RequestClass> {
  const asked = { ...query, by: lens.by, where: lens.where, cuts: cutsUnder(query.cuts, lens) };
  const seen = (requests: RequestClass, bases: boolean): Seen =>
    lens.read(requests.key, requests.sample.time, bases);
  let missing = false;
  for (const requests of replay(asked)) {
    const through = seen(requests, false);
    if (through.lacks) missing = true;
    else if (through.holds(query.where)) yield renamed(requests, through, query.by, lens);
  }
  if (!missing) return;
  lens.learn(spend);
  for (const [index, name] of lens.inferred.entries()) {
    // A request that lacks several is counted with the first of them.
    const earlier = lens.inferred.slice(0, index).map((each) => without(each, true));
    const where = [...lens.where, without(name, false), ...earlier];
    for (const requests of replay({ ...asked, by: lens.byWithBases, where })) {
      const through = seen(requests, true);
      if (through.lacks && through.holds(query.where))
        yield renamed(requests, through, query.by, lens);
    }
  }
}

const without = (name: string, negated: boolean): Filter => ({
  dimension: dimensionNamed(name),
  negated,
  pattern: '',
});

/** Cuts of a question that rules do not touch, and those where rules begin and end. */
function cutsUnder(cuts: readonly Cut[], lens: ReplayLens): readonly Cut[] {
  const plain = cuts.flatMap((cut): Cut[] => {
    if (cut.kind !== 'where') return [cut];
    const filters = cut.filters.filter((filter) => !lens.touches(filter));
    return filters.length === 0 ? [] : [{ kind: 'where', filters }];
  });
  const instants = [
    ...new Set([
      ...lens.cuts,
      ...plain.flatMap((cut) => (cut.kind === 'time' ? cut.instants : [])),
    ]),
  ].sort((a, b) => a - b);
  return [
    ...plain.filter(({ kind }) => kind !== 'time'),
    ...(instants.length === 0 ? [] : [{ kind: 'time', instants } satisfies Cut]),
  ];
}

const renamed = (
  requests: RequestClass,
  seen: Seen,
  by: readonly Dimension[],
  lens: ReplayLens,
): RequestClass => ({
  ...requests,
  key: by.map(seen.valueOf),
  sample: {
    ...requests.sample,
    holds(filters) {
      const plain = filters.filter((filter) => !lens.touches(filter));
      return seen.holds(filters) && (plain.length === 0 || requests.sample.holds(plain));
    },
  },
});

/** Calls in their order under the keys that were asked for; alike ones keep one object for what they have in common. */
function* calls(
  ledger: ReplayLedger,
  query: OrderQuery,
  lens: ReplayLens,
  spend: AskSpend,
): Generator<OrderedCall> {
  const inferring = lens.inferred.length > 0;
  if (inferring) lens.learn(spend);
  const kinds = openKinds();
  const by = inferring ? lens.byWithBases : lens.by;
  for (const call of ledger.calls({ ...query, by, where: lens.where })) {
    const seen = lens.read(call.kind.key, call.time, inferring);
    if (seen.holds(query.where))
      yield { ...call, kind: kinds(call.kind, query.by.map(seen.valueOf)) };
  }
}

/** One object for each kind of call, by its key and by what the ledger gives as one object. */
function openKinds(): (kind: CallKind, key: readonly (string | null)[]) => CallKind {
  const known = new Map<object, Map<object, Map<string, CallKind>>>();
  return ({ sku, rate, status }, key) => {
    const ofSku = known.get(sku) ?? new Map<object, Map<string, CallKind>>();
    known.set(sku, ofSku);
    const ofRate = ofSku.get(rate) ?? new Map<string, CallKind>();
    ofSku.set(rate, ofRate);
    const name = JSON.stringify([status, key]);
    const kind = ofRate.get(name) ?? { key, sku, rate, status };
    ofRate.set(name, kind);
    return kind;
  };
}

/** How many answers are looked at for each that is asked for, at first. */
const LOOKAHEAD = 8;

/** A ranking ends after so many, of which conditions leave fewer: it is asked for more until they are enough. */
function longAnswers(
  ledger: ReplayLedger,
  query: LongAnswersQuery,
  lens: ReplayLens,
  fits: LoggedRequests['fits'],
): readonly LongAnswer[] {
  const ruled = query.where.filter(lens.touches);
  for (let asked = query.limit * LOOKAHEAD; ; asked *= LOOKAHEAD) {
    const answers = ledger.longAnswers({ ...query, where: lens.where, limit: asked });
    const found = answers.filter(({ id }) => fits(id, ruled)).slice(0, query.limit);
    if (found.length === query.limit || answers.length < asked) return found;
  }
}

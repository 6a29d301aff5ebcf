import type { CountCalls, CountQuery, Filter } from '../domain/spend.ts';
import { INFERENCE_BASES, type InferenceBasis } from '../domain/tag-rules.ts';
import { dimensionNamed } from '../domain/filter-text.ts';
import type { Attribution } from './attribution.ts';
import type { Found, Infer, RawValues } from './resolver.ts';
import { rowReader } from './row-reader.ts';
import { timePieces } from './time-pieces.ts';

/** Calls that have to carry a tag themselves before others of their run, session or key are taken to belong with them. */
const LEAST_CALLS = 2n;
/** Millionths of those calls that have to agree. */
const LEAST_SHARE = 800_000n;

/** More values of a basis than this are not looked up one by one, but all that there are at once. */
const MOST_ONE_BY_ONE = 8;

/** What most calls of a run, a session or a key say, over all time whatever span is asked for. */
export interface Verdicts {
  /** Looks up what some runs, sessions or keys say of tags, before `of` is asked. */
  readonly learn: (
    basis: InferenceBasis,
    names: readonly string[],
    values: ReadonlySet<string>,
  ) => void;
  readonly of: (basis: InferenceBasis, name: string, value: string) => Found | undefined;
}

/** For rules that infer nothing. */
export const NO_VERDICTS: Verdicts = { learn: () => undefined, of: () => undefined };

/** Reads verdicts from whatever counts calls as they were logged. */
export function openVerdicts(count: CountCalls, attribution: Attribution): Verdicts {
  const bases = new Map(
    INFERENCE_BASES.map((basis) => [basis, openBasis(count, attribution, basis)]),
  );
  return {
    learn: (basis, names, values) => bases.get(basis)?.learn(names, values),
    of: (basis, name, value) => bases.get(basis)?.of(name, value),
  };
}

type Verdict = Found | undefined;

/** What the values of one basis say. */
function openBasis(count: CountCalls, attribution: Attribution, basis: InferenceBasis) {
  const every = [...attribution.inferrable];
  /** Of values looked up one by one, everything they say. */
  const single = new Map<string, ReadonlyMap<string, Verdict>>();
  /** Of tags looked up for all values, those values that decide something. */
  const whole = new Map<string, ReadonlyMap<string, Verdict>>();
  const learnSingle = (value: string): void => {
    const where = [{ dimension: dimensionNamed(basis), negated: false, pattern: value }];
    const counts = countValues(count, attribution, { basis, names: every, where });
    single.set(
      value,
      new Map(every.map((name) => [name, verdictOf(counts.get(name)?.get(value))])),
    );
  };
  const learnWhole = (name: string): void => {
    // Where only the tag itself decides, calls without it say nothing.
    const carrying = attribution.ownReadsOf(name).size === 1 ? [basis, name] : [basis];
    const where = carrying.map((one) => ({
      dimension: dimensionNamed(one),
      negated: true,
      pattern: '',
    }));
    const counts = countValues(count, attribution, { basis, names: [name], where }).get(name);
    const verdicts = [...(counts ?? [])].map(([value, said]) => [value, verdictOf(said)] as const);
    whole.set(name, new Map(verdicts.filter(([, verdict]) => verdict !== undefined)));
  };
  return {
    learn(names: readonly string[], values: ReadonlySet<string>): void {
      const open = names.filter((name) => !whole.has(name));
      const unknown = [...values].filter((value) => !single.has(value));
      if (open.length === 0 || unknown.length === 0) return;
      if (single.size + unknown.length <= MOST_ONE_BY_ONE) unknown.forEach(learnSingle);
      else open.forEach(learnWhole);
    },
    of: (name: string, value: string): Verdict =>
      whole.get(name)?.get(value) ?? single.get(value)?.get(name),
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

/** By tag and by value of a basis, how many calls carry which value of the tag as their own. */
function countValues(
  count: CountCalls,
  attribution: Attribution,
  asked: {
    readonly basis: InferenceBasis;
    readonly names: readonly string[];
    readonly where: readonly Filter[];
  },
): ReadonlyMap<string, ReadonlyMap<string, Counts>> {
  const { basis, names, where } = asked;
  const reads = new Set([basis, ...names.flatMap((name) => [...attribution.ownReadsOf(name)])]);
  const by = [...reads].map(dimensionNamed);
  const read = rowReader(by);
  const counts = new Map(names.map((name) => [name, new Map<string, Map<string, bigint>>()]));
  for (const { span, at } of piecesOfAllTime(attribution.ownCutsOf(names))) {
    const { own } = attribution.at(at);
    for (const row of count({ span, by, where })) {
      const raw = read(row.key);
      const value = raw(basis);
      if (value === null) continue;
      for (const [name, ofName] of counts) {
        const found = own(name, raw);
        if (found === undefined) continue;
        const ofValue = ofName.get(value) ?? new Map<string, bigint>();
        ofValue.set(found.value, (ofValue.get(found.value) ?? 0n) + row.requests);
        ofName.set(value, ofValue);
      }
    }
  }
  return counts;
}

/** All time, cut where rules begin and end; calls without a time are a piece of their own once it is cut. */
function piecesOfAllTime(
  cuts: readonly number[],
): readonly { readonly span: CountQuery['span']; readonly at: number | undefined }[] {
  const pieces = timePieces({}, cuts);
  return pieces.length === 1 ? pieces : [...pieces, { span: 'undated', at: undefined }];
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

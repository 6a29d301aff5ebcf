import { FACTS } from '../domain/spend.ts';
import {
  type InForce,
  type KeyRule,
  SOURCE_DIMENSION,
  type TagRules,
  type VirtualTag,
} from '../domain/tag-rules.ts';
import { isCallTag, OWNER_TAGS } from '../domain/tags.ts';
import { type Resolver, resolverOf } from './resolver.ts';
import { DEPLOYMENT, DEPLOYMENT_READS } from './selectors.ts';

/** The rules of aicost.yaml, ready to be asked what they read and what they make of a call. */
export interface Attribution {
  readonly rules: TagRules;
  /** Whether rules may change the value of a dimension. */
  readonly touches: (name: string) => boolean;
  /** Whether a missing value may be taken from calls of the same run, session or key. */
  readonly infers: (name: string) => boolean;
  /** All tags that may be taken so. */
  readonly inferrable: ReadonlySet<string>;
  /** The tags that may be inferred on the way to a dimension: itself, and those whose parent it is. */
  readonly inferredFor: (name: string) => readonly string[];
  /** Raw dimensions that decide what a dimension is, itself among them. */
  readonly readsOf: (name: string) => ReadonlySet<string>;
  /** The same for a call's own tag: itself, and what virtual tags fill it from. */
  readonly ownReadsOf: (name: string) => ReadonlySet<string>;
  /** Instants at which a rule that these dimensions depend on begins or ends, milliseconds UTC, ascending. */
  readonly cutsOf: (names: Iterable<string>) => readonly number[];
  /** The same for what calls say themselves, with virtual tags. */
  readonly ownCutsOf: (names: Iterable<string>) => readonly number[];
  /** The rules in force at an instant; of calls without a time, those without dates. */
  readonly at: (time: number | undefined) => Resolver;
}

const isFact = (name: string): boolean => FACTS.some((fact) => fact === name);

/** Makes rules ready. */
export function openAttribution(rules: TagRules): Attribution {
  const virtual = new Map<string, VirtualTag[]>();
  for (const rule of rules.virtual) virtual.set(rule.tag, [...(virtual.get(rule.tag) ?? []), rule]);
  const setting = (name: string): readonly KeyRule[] =>
    rules.keys.filter(({ set }) => set.has(name));
  const above = (name: string) => rules.hierarchies.filter(({ to }) => to === name);
  const inferrable = inferrableTags(rules);
  const resolvers = new Map<number | undefined, Resolver>();

  const ownReadsOf = (name: string): ReadonlySet<string> =>
    new Set([name, ...(virtual.get(name) ?? []).flatMap(({ from }) => from ?? [])]);
  const selectors = (name: string): ReadonlySet<string> =>
    new Set(setting(name).flatMap(({ where }) => where.map(({ dimension }) => dimension.name)));
  const readsOf = (name: string): ReadonlySet<string> =>
    new Set([
      ...ownReadsOf(name),
      ...[...selectors(name)].flatMap((selector) =>
        selector === DEPLOYMENT ? DEPLOYMENT_READS : [...ownReadsOf(selector)],
      ),
      ...above(name).flatMap(({ of }) => [...readsOf(of)]),
    ]);
  const datesOf = (name: string): readonly InForce[] => [
    ...(virtual.get(name) ?? []),
    ...[...selectors(name)].flatMap((selector) => virtual.get(selector) ?? []),
    ...setting(name),
    ...above(name).flatMap(({ of, members }) => [...members, ...datesOf(of)]),
  ];
  const infers = (name: string): boolean => inferrable.has(name);
  return {
    rules,
    infers,
    inferrable,
    touches: (name) =>
      name === SOURCE_DIMENSION ||
      virtual.has(name) ||
      setting(name).length > 0 ||
      above(name).length > 0 ||
      infers(name),
    inferredFor: (name) => inferredFor(name, infers, above),
    readsOf,
    ownReadsOf,
    cutsOf: (names) => instantsOf([...names].flatMap(datesOf)),
    ownCutsOf: (names) => instantsOf([...names].flatMap((name) => virtual.get(name) ?? [])),
    at(time) {
      const known = resolvers.get(time);
      if (known !== undefined) return known;
      const resolver = resolverOf(rules, time);
      resolvers.set(time, resolver);
      return resolver;
    },
  };
}

/** The instants at which rules begin or end, each once, in order. */
const instantsOf = (rules: readonly InForce[]): readonly number[] =>
  [...new Set(rules.flatMap(({ since, until }) => [since ?? [], until ?? []].flat()))].sort(
    (one, other) => one - other,
  );

const inferredFor = (
  name: string,
  infers: (name: string) => boolean,
  above: (name: string) => TagRules['hierarchies'],
): readonly string[] => [
  ...(infers(name) ? [name] : []),
  ...above(name).flatMap(({ of }) => inferredFor(of, infers, above)),
];

/** Owner tags, and whatever the rules themselves name. What is of one call, or looked at to infer, is not guessed. */
function inferrableTags(rules: TagRules): ReadonlySet<string> {
  if (rules.infer.length === 0) return new Set();
  const named = [
    ...OWNER_TAGS,
    ...rules.required,
    ...rules.requiredWhere.flatMap(({ keys }) => keys),
    ...rules.keys.flatMap(({ set }) => [...set.keys()]),
    ...rules.hierarchies.flatMap(({ of, to }) => [of, to]),
  ];
  return new Set(named.filter((name) => !isCallTag(name) && !isFact(name) && name !== 'api_key'));
}

import type { Origin } from '../domain/origin.ts';
import { fitsFilter } from '../domain/filter-text.ts';
import {
  type AttributionSource,
  holdsAt,
  type KeyRule,
  type TagRules,
  type VirtualTag,
} from '../domain/tag-rules.ts';
import { DEPLOYMENT } from './selectors.ts';

/** What a call's log says of a dimension; null where it says nothing. */
export type RawValues = (name: string) => string | null;

/** A value and where it came from. */
export interface Found {
  readonly value: string;
  readonly source: AttributionSource;
  /** The rule that gave it; absent where the call itself says so in these words. */
  readonly rule?: Origin;
  /** Millionths of the calls looked at that have this value; for inferred ones only. */
  readonly certainty?: number;
}

/** What the calls that share a run, a session or a key say of a tag; `undefined` where that decides nothing. */
export type Infer = (name: string) => Found | undefined;

/** The rules in force at one instant. */
export interface Resolver {
  /** A call's own tag, with virtual tags. */
  readonly own: (name: string, raw: RawValues) => Found | undefined;
  /** What the key map says, whatever the call itself does. */
  readonly ofKey: (name: string, raw: RawValues) => Found | undefined;
  /** The request's own tag, else the key map, else a hierarchy, else what is inferred. */
  readonly find: (name: string, raw: RawValues, infer?: Infer) => Found | undefined;
}

/** The rules that hold at an instant, by the tag that they give. */
export function resolverOf(rules: TagRules, time: number | undefined): Resolver {
  const virtual = grouped(
    rules.virtual.filter((rule) => holdsAt(rule, time)),
    ({ tag }) => [tag],
  );
  const keys = grouped(
    rules.keys.filter((rule) => holdsAt(rule, time)),
    ({ set }) => [...set.keys()],
  );
  const hierarchies = grouped(
    rules.hierarchies.map(({ of, to, members }) => ({
      of,
      to,
      parents: new Map(
        members.filter((member) => holdsAt(member, time)).map((member) => [member.child, member]),
      ),
    })),
    ({ to }) => [to],
  );

  const own: Resolver['own'] = (name, raw) => {
    const written = raw(name);
    for (const rule of virtual.get(name) ?? []) {
      if ((rule.from === undefined) !== (written !== null)) continue;
      const value = rule.from === undefined ? written : raw(rule.from);
      if (value !== null && fits(rule, value))
        return { value: rule.value, source: 'request', rule: rule.origin };
    }
    return written === null ? undefined : { value: written, source: 'request' };
  };
  const selected = (name: string, raw: RawValues): string | null =>
    name === DEPLOYMENT
      ? (raw(DEPLOYMENT) ?? raw('request_model') ?? raw('model'))
      : (own(name, raw)?.value ?? null);
  const holds = ({ where }: KeyRule, raw: RawValues): boolean =>
    where.every((filter) => fitsFilter(filter, selected(filter.dimension.name, raw)));
  const ofKey: Resolver['ofKey'] = (name, raw) => {
    const rule = keys.get(name)?.find((each) => holds(each, raw));
    const value = rule?.set.get(name);
    return rule === undefined || value === undefined
      ? undefined
      : { value, source: 'key', rule: rule.origin };
  };
  const above = (name: string, raw: RawValues, infer?: Infer): Found | undefined => {
    for (const { of, parents } of hierarchies.get(name) ?? []) {
      const child = find(of, raw, infer);
      const member = child === undefined ? undefined : parents.get(child.value);
      if (child === undefined || member === undefined) continue;
      const found = { value: member.parent, rule: member.origin };
      return child.source === 'inferred'
        ? { ...child, ...found }
        : { ...found, source: 'hierarchy' };
    }
    return undefined;
  };
  const find: Resolver['find'] = (name, raw, infer) =>
    own(name, raw) ??
    ofKey(name, raw) ??
    above(name, raw) ??
    (infer === undefined ? undefined : (infer(name) ?? above(name, raw, infer)));
  return { own, ofKey, find };
}

const fits = ({ match }: VirtualTag, value: string): boolean =>
  match.some(({ matches }) => matches(value));

/** Rules by each name they stand under, in the order they were written in. */
function grouped<Rule>(
  rules: readonly Rule[],
  namesOf: (rule: Rule) => readonly string[],
): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules)
    for (const name of namesOf(rule)) {
      const group = groups.get(name) ?? [];
      group.push(rule);
      groups.set(name, group);
    }
  return groups;
}

import { FACTS, type Filter } from '../domain/spend.ts';
import { SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import type { UsageEvent } from '../domain/usage.ts';
import { fitsFilter } from '../domain/filter-text.ts';
import type { AskSpend } from '../domain/spend.ts';
import type { Attribution } from './attribution.ts';
import type { Found, RawValues } from './resolver.ts';
import { inferBy, openVerdicts } from './verdicts.ts';

/** A call as the ledger knows it: what it says of itself, and the format of its log. */
export interface LoggedCall {
  readonly event: UsageEvent;
  readonly format: string;
}

/** What rules make of single calls. */
export interface AttributedCalls {
  /** What a call has of a dimension, with where that came from; `undefined` where it has none. */
  readonly find: (call: LoggedCall, name: string) => Found | undefined;
  /** Tags that rules give the call or change, by name. */
  readonly given: (call: LoggedCall) => ReadonlyMap<string, Found>;
  /** Whether a call fits conditions on what rules make of it. */
  readonly fits: (call: LoggedCall, filters: readonly Filter[]) => boolean;
}

/** Lays rules over single calls; `ask` answers what others of their run, session or key say. */
export function attributedCalls(ask: AskSpend, attribution: Attribution): AttributedCalls {
  const verdicts = openVerdicts(ask, attribution);
  const { rules } = attribution;
  const ruled = new Set([
    ...rules.virtual.map(({ tag }) => tag),
    ...rules.keys.flatMap(({ set }) => [...set.keys()]),
    ...rules.hierarchies.map(({ to }) => to),
    ...attribution.inferrable,
  ]);
  const find: AttributedCalls['find'] = (call, name) => {
    const raw = rawOf(call);
    const { find } = attribution.at(call.event.time);
    const said = find(name, raw);
    if (said !== undefined || attribution.inferredFor(name).length === 0) return said;
    for (const basis of rules.infer) {
      const value = raw(basis);
      if (value === null) continue;
      for (const tag of attribution.inferredFor(name)) verdicts.learn(basis, tag, new Set([value]));
    }
    return find(name, raw, inferBy(attribution, verdicts, raw));
  };
  return {
    find,
    given(call) {
      const raw = rawOf(call);
      return new Map(
        [...ruled].flatMap((name): readonly (readonly [string, Found])[] => {
          const found = find(call, name);
          return found === undefined || (found.source === 'request' && found.value === raw(name))
            ? []
            : [[name, found]];
        }),
      );
    },
    fits: (call, filters) =>
      filters.every((filter) => {
        const { name } = filter.dimension;
        // A call alone has many tags, each from somewhere else: there is no one source to compare with.
        return name === SOURCE_DIMENSION || fitsFilter(filter, find(call, name)?.value ?? null);
      }),
  };
}

/** What a call says of a dimension, as the ledger groups it: a fact, a tag, or a label by its name. */
function rawOf({ event, format }: LoggedCall): RawValues {
  const facts: Readonly<Record<(typeof FACTS)[number], string | undefined>> = {
    provider: event.provider,
    model: event.model,
    request_model: event.requestModel,
    operation: event.operation,
    service_tier: event.serviceTier,
    region: event.region,
    status: event.status,
    count_source: event.countSource,
    format,
  };
  return (name) => {
    const fact = FACTS.find((known) => known === name);
    if (fact !== undefined) return facts[fact] ?? null;
    if (Object.hasOwn(event.tags, name)) return event.tags[name] ?? null;
    for (const label of event.labels ?? []) {
      if (label === name) return 'true';
      if (label.startsWith(`${name}=`) || label.startsWith(`${name}:`))
        return label.slice(name.length + 1);
    }
    return null;
  };
}

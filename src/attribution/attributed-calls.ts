import { FACTS, type Filter } from '../domain/spend.ts';
import type { UsageEvent } from '../domain/usage.ts';
import { fitsFilter } from '../domain/filter-text.ts';
import type { Attribution } from './attribution.ts';
import type { Found, RawValues } from './resolver.ts';
import { inferBy, type Verdicts } from './verdicts.ts';

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
  /** Those of some calls that fit conditions on what rules make of them. */
  readonly fitting: <Call extends LoggedCall>(
    calls: readonly Call[],
    filters: readonly Filter[],
  ) => readonly Call[];
}

/** Lays rules over single calls; `verdicts` are what others of their run, session or key say. */
export function attributedCalls(attribution: Attribution, verdicts: Verdicts): AttributedCalls {
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
    learn([call], name);
    return find(name, raw, inferBy(attribution, verdicts, raw));
  };
  /** Looks up what the runs, sessions and keys of calls without a tag say of it: all at once, which is faster. */
  const learn = (calls: readonly LoggedCall[], name: string): void => {
    const without = calls.filter(
      (call) => attribution.at(call.event.time).find(name, rawOf(call)) === undefined,
    );
    for (const basis of rules.infer) {
      const values = new Set(without.flatMap((call) => rawOf(call)(basis) ?? []));
      verdicts.learn(basis, attribution.inferredFor(name), values);
    }
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
    fitting(calls, filters) {
      let left = calls;
      for (const filter of filters) {
        const { name } = filter.dimension;
        learn(left, name);
        left = left.filter((call) => fitsFilter(filter, find(call, name)?.value ?? null));
      }
      return left;
    },
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

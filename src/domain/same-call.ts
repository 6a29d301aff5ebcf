import { cacheWriteTotal, totalInput, type UsageEvent } from './usage.ts';

/**
 * Joins two records of one call: a re-import, a streaming snapshot, the same call seen by two gateways.
 * The fuller record supplies usage, model and status; time is the earliest, and tags of both survive.
 *
 * Every field is settled by an order that does not depend on which record came first, so the ledger is
 * the same whatever the order of ingest.
 */
export function joinSameCall(one: UsageEvent, other: UsageEvent): UsageEvent {
  const [fuller, lesser] = compareFullness(one, other) >= 0 ? [one, other] : [other, one];
  // A replay in a sidechain describes the replay: its id, time and labels give way to the call's own.
  const same = (fuller.replay ?? false) === (lesser.replay ?? false);
  const labels = [...(fuller.labels ?? []), ...(same ? (lesser.labels ?? []) : [])];
  return {
    ...fuller,
    id: same ? smallest(fuller.id, lesser.id) : fuller.id,
    family: smallest(fuller.family, lesser.family),
    time: same ? smallest(fuller.time, lesser.time) : fuller.time,
    latencyMs: largest(fuller.latencyMs, lesser.latencyMs),
    retryCount: largest(fuller.retryCount, lesser.retryCount),
    reportedCost: largest(fuller.reportedCost, lesser.reportedCost),
    tags: joinTags(fuller.tags, lesser.tags),
    labels: [...new Set(labels)].sort(),
  };
}

/** Whether a record tells strictly more of a call than another one of it. */
export const isFuller = (one: UsageEvent, other: UsageEvent): boolean =>
  compareFullness(one, other) > 0;

/** Above 0 when `one` tells more of the call than `other`: no replay, known counts, more tokens. */
function compareFullness(one: UsageEvent, other: UsageEvent): number {
  for (const measure of FULLNESS) {
    const apart = measure(one) - measure(other);
    if (apart !== 0) return apart;
  }
  // From here on only to be the same in both orders.
  const [a, b] = [restOf(one), restOf(other)];
  return a === b ? 0 : a > b ? 1 : -1;
}

/** What makes a record tell more, what counts most first. */
const FULLNESS: readonly ((event: UsageEvent) => number)[] = [
  ({ replay }) => (replay === true ? 0 : 1),
  ({ countSource }) => (countSource === 'missing' ? 0 : 1),
  ({ usage }) => totalInput(usage) + usage.output,
  ({ usage }) => usage.output,
  // A source that tells cached tokens from fresh ones knows more than one that adds them up.
  ({ usage }) => usage.cacheRead + cacheWriteTotal(usage),
  ({ usage: { cacheWrite } }) => kindsIn({ ...cacheWrite, default: 0 }),
  ({ usage }) => kindsIn(usage.parts) + kindsIn(usage.fees),
  ({ usage }) => usage.reasoning,
  ({ status }) => (status === 'success' ? 1 : 0),
];

/** How many kinds of things were used: one of which there was nothing is as good as one that nobody mentions. */
const kindsIn = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).filter((count) => count > 0).length;

/** All else that a fuller record supplies, as one text. */
const restOf = (event: UsageEvent): string =>
  JSON.stringify([
    event.provider,
    event.model,
    event.requestModel,
    event.operation,
    event.serviceTier,
    event.region,
    event.inferenceGeo,
    event.status,
    event.errorCode,
    event.billable,
    event.countSource,
    event.requests,
    event.usage.input,
    event.usage.cacheRead,
    ...[event.usage.cacheWrite, event.usage.parts, event.usage.fees].map((counts) =>
      Object.entries(counts)
        .filter(([, count]) => count !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ]);

const smallest = <T extends number | string>(
  one: T | undefined,
  other: T | undefined,
): T | undefined => (one === undefined || (other !== undefined && other < one) ? other : one);

const largest = <T extends number | bigint>(
  one: T | undefined,
  other: T | undefined,
): T | undefined => (one === undefined || (other !== undefined && other > one) ? other : one);

function joinTags(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): Record<string, string> {
  const joined = new Map(Object.entries(one));
  for (const [key, value] of Object.entries(other)) {
    const present = joined.get(key);
    if (present === undefined || value < present) joined.set(key, value);
  }
  return Object.fromEntries([...joined].sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { NO_CALLS, type Sum, callsOf } from '../domain/coverage.ts';
import { firstSeenIn, type SeenDays, seenDays } from '../domain/first-seen.ts';
import { tagNamed } from '../domain/required-tags.ts';
import type { Dimension, Span } from '../domain/spend.ts';
import { localDay, startOfLocalDay } from '../domain/time-zone.ts';
import type { Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  callsText,
  costCell,
  countCell,
  dayCell,
  dearestFirst,
  textCell,
} from './audit-section.ts';

const WATCHED: readonly { readonly kind: string; readonly dimension: Dimension }[] = [
  { kind: 'provider', dimension: { kind: 'fact', name: 'provider' } },
  { kind: 'key', dimension: tagNamed('api_key') },
  { kind: 'team', dimension: tagNamed('team') },
  { kind: 'service', dimension: tagNamed('service') },
  { kind: 'model', dimension: { kind: 'fact', name: 'model' } },
];

/** Days that are looked at where no span says otherwise. */
const WINDOW_DAYS = 7;

/** Providers, keys, teams, services and models whose first call ever lies in the window. */
export function newSection(subject: AuditSubject): AuditSection {
  const window = windowOf(subject);
  const found = WATCHED.map(({ kind, dimension }) => {
    const seen = seenDays(subject.ask({ by: [dimension], grain: 'day', span: {} }).rows);
    return { kind, dimension, seen };
  });
  const firsts = found.flatMap(({ seen }) => [...seen.values()].map(({ first }) => first));
  const begin = firsts.reduce((least, first) => Math.min(least, first), Number.POSITIVE_INFINITY);
  // Where the ledger itself begins in the window, everything would be new.
  const judged = begin < window.start;
  const rows = judged ? found.flatMap((kind) => newOf(subject, kind, window)) : [];
  const table: Table = {
    name: 'first_seen',
    title: `First seen from ${dayText(subject, window.start)} on`,
    columns: [
      { key: 'kind', title: 'Kind', yields: 0 },
      { key: 'name', title: 'Name', yields: 0 },
      { key: 'first_seen', title: 'First', yields: 0, whole: true },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 1 },
    ],
    rows: rows.map(({ kind, name, first, calls }) => [
      textCell(kind),
      textCell(name),
      dayCell(first, subject.timeZone),
      countCell(calls.requests),
      costCell(calls),
    ]),
    empty: judged
      ? 'Nothing is new.'
      : 'The ledger begins in this span, so nothing can be told to be new.',
  };
  return {
    name: 'new',
    tables: [table],
    findings: rows.map(({ kind, name, calls }) => ({
      code: 'first-seen',
      message: `${kind} ${name} is new, with ${callsText(calls)}`,
      calls,
      show: 'new',
    })),
    facts: {
      first_seen_window: {
        start: new Date(window.start).toISOString(),
        end: new Date(window.end).toISOString(),
      },
    },
  };
}

function windowOf({ span, asOf, timeZone }: AuditSubject): Required<Span> {
  const today = localDay(timeZone, asOf);
  return {
    start: span.start ?? startOfLocalDay(timeZone, today - WINDOW_DAYS),
    end: span.end ?? startOfLocalDay(timeZone, today + 1),
  };
}

const dayText = ({ timeZone }: AuditSubject, time: number): string => {
  const cell = dayCell(time, timeZone);
  return cell.kind === 'text' ? cell.value : '';
};

interface NewThing {
  readonly kind: string;
  readonly name: string;
  readonly first: number | undefined;
  readonly calls: Sum;
}

function newOf(
  { ask, timeZone }: AuditSubject,
  found: {
    readonly kind: string;
    readonly dimension: Dimension;
    readonly seen: ReadonlyMap<string, SeenDays>;
  },
  window: Required<Span>,
): readonly NewThing[] {
  const { kind, dimension, seen } = found;
  // Days are known by their first instant, so a window that begins within a day begins with the day.
  const start = startOfLocalDay(timeZone, localDay(timeZone, window.start));
  const names = new Set(firstSeenIn(seen, { start, end: window.end }));
  if (names.size === 0) return [];
  const calls = new Map(
    ask({ by: [dimension], span: { start } }).rows.map((row) => [row.key[0], callsOf(row)]),
  );
  return dearestFirst(
    [...names].map((name) => ({
      kind,
      name,
      first: seen.get(name)?.first,
      calls: calls.get(name) ?? NO_CALLS,
    })),
    (thing) => thing.calls,
    ({ name }) => name,
  );
}

import type { Sum } from '../domain/coverage.ts';
import type { TagPolicy } from '../domain/required-tags.ts';
import type { Dimension, Filter, Grain, Span, SpendAnswer } from '../domain/spend.ts';
import type { OwnerRule } from '../domain/tag-rules.ts';
import { dayText, localDay } from '../domain/time-zone.ts';
import { counted } from '../domain/words.ts';
import type { Cell, Json, Table } from './answer.ts';

/** Parts of an audit, in the order in which they are printed. */
export const AUDIT_SECTIONS = [
  'coverage',
  'weeks',
  'unallocated',
  'sources',
  'files',
  'values',
  'virtual',
  'ids',
  'keys',
  'inventory',
  'new',
  'conflicts',
  'readiness',
] as const;
/** One of AUDIT_SECTIONS. */
export type AuditSectionName = (typeof AUDIT_SECTIONS)[number];

/** Those that sums answer. Files are told by every call on its own, which takes long, so they are asked for by name. */
export const SUMMED_SECTIONS = AUDIT_SECTIONS.filter((name) => name !== 'files');

/** Something that somebody should look into, as one sentence. */
export interface Finding {
  /** Stable, for programs. */
  readonly code: string;
  readonly message: string;
  /** Calls that it is about, which decide how early it is listed. */
  readonly calls: Sum;
  /** The section that shows more of it. */
  readonly show: AuditSectionName;
}

/** One part of an audit: what it shows, and what of it somebody should look into. */
export interface AuditSection {
  readonly name: AuditSectionName;
  readonly tables: readonly Table[];
  readonly findings: readonly Finding[];
  /** Numbers for programs beside the tables. */
  readonly facts?: { readonly [key: string]: Json };
}

/** How sections ask for spend: groups of the calls that are audited, by whole steps of the audited zone. */
export interface AuditQuestion {
  readonly by: readonly Dimension[];
  readonly grain?: Grain;
  /** Conditions beside those of the audit. */
  readonly where?: readonly Filter[];
  /** Another span than the audited one. */
  readonly span?: Span;
}

/** What is audited, by which rules. */
export interface AuditSubject {
  /** Spend by tags as the calls and the rules of aicost.yaml have them, without inference. */
  readonly ask: (question: AuditQuestion) => SpendAnswer;
  /** Spend by tags as the logs have them. */
  readonly askRaw: (question: AuditQuestion) => SpendAnswer;
  /** Spend with inference; `undefined` where aicost.yaml asks for none. */
  readonly askInferring: ((question: AuditQuestion) => SpendAnswer) | undefined;
  readonly span: Span;
  readonly timeZone: string;
  /** The moment that the audit is of: the end of the span, or now. */
  readonly asOf: number;
  readonly policy: TagPolicy;
  readonly owners: readonly OwnerRule[];
  /** Tags that calls carry, apart from identifiers of single calls. */
  readonly tagKeys: readonly string[];
}

/** Text from a log as a cell. */
export const textCell = (value: string): Cell => ({ kind: 'text', value });

/** A whole number as a cell. */
export const countCell = (value: bigint): Cell => ({ kind: 'count', value });

/** What calls cost, as far as they have a price: not known where none of them has. */
export const costCell = ({ requests, unrated, cost }: Sum): Cell =>
  requests > 0n && unrated === requests
    ? { kind: 'unknown' }
    : { kind: 'money', value: cost, partial: unrated > 0n };

/** Part of the calls, and part of the spend, that a sum is of another. */
export const shareCells = (part: Sum, whole: Sum): readonly [Cell, Cell] => [
  { kind: 'share', part: part.requests, whole: whole.requests },
  { kind: 'share', part: part.cost, whole: whole.cost },
];

/** A step of time as a day of the zone. */
export const dayCell = (time: number | undefined, timeZone: string): Cell =>
  time === undefined
    ? { kind: 'absent', label: '(no time)' }
    : { kind: 'text', value: dayText(localDay(timeZone, time)) };

/** Calls in words, with what they do: `1 call lacks`, `2 calls lack`. */
export const callsThat = ({ requests }: Sum, one: string, many: string): string =>
  `${counted(requests, 'call')} ${requests === 1n ? one : many}`;

/** Calls in words. */
export const callsText = ({ requests }: Sum): string => counted(requests, 'call');

/** Dearest first, then most calls, then by name. */
export const dearestFirst = <Item>(
  items: readonly Item[],
  sumOf: (item: Item) => Sum,
  nameOf: (item: Item) => string,
): readonly Item[] =>
  items.toSorted((a, b) => {
    const [one, other] = [sumOf(a), sumOf(b)];
    if (one.cost !== other.cost) return one.cost > other.cost ? -1 : 1;
    if (one.requests !== other.requests) return one.requests > other.requests ? -1 : 1;
    return nameOf(a) < nameOf(b) ? -1 : 1;
  });

import { NO_CALLS } from '../domain/coverage.ts';
import type { Money } from '../domain/money.ts';
import type { Origin } from '../domain/origin.ts';
import type { VirtualTag } from '../domain/tag-rules.ts';
import type { Cell, Table } from './answer.ts';
import { type AuditSection, countCell, textCell } from './audit-section.ts';

/** A raw value of a tag that virtual tags read, and what they make of it. */
export interface ReadValue {
  readonly tag: string;
  /** The tag or fact that was read. */
  readonly from: string;
  /** As it was logged; null where calls have none. */
  readonly raw: string | null;
  /** What it means; null where nothing says. */
  readonly value: string | null;
  /** The rule that matches; absent where none does. */
  readonly rule?: Origin;
  readonly requests: bigint;
  readonly cost: Money;
}

/** What each virtual tag matches, as a dry run: every raw value with its meaning and spend, and rules that match nothing. */
export function virtualSection(
  values: readonly ReadValue[],
  rules: readonly VirtualTag[],
  place: (origin: Origin) => string,
): AuditSection {
  const used = new Set(values.map(({ rule }) => rule));
  const idle = rules.filter(({ origin }) => !used.has(origin));
  const none: Cell = { kind: 'absent', label: '(untagged)' };
  const table: Table = {
    name: 'virtual',
    title: 'What virtual tags make of the values that calls have',
    columns: [
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'value', title: 'Means', yields: 0 },
      { key: 'from', title: 'Read from', yields: 3 },
      { key: 'raw', title: 'Logged', yields: 0 },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
      { key: 'rule', title: 'Rule', yields: 1 },
    ],
    rows: values.map(({ tag, value, from, raw, requests, cost, rule }) => [
      textCell(tag),
      value === null ? none : textCell(value),
      textCell(from),
      raw === null ? none : textCell(raw),
      countCell(requests),
      { kind: 'money', value: cost },
      rule === undefined ? { kind: 'absent', label: 'none' } : textCell(place(rule)),
    ]),
    empty: 'aicost.yaml has no virtual tags.',
  };
  return {
    name: 'virtual',
    tables: [table],
    findings: idle.map(({ tag, value, origin }) => ({
      code: 'rule-matches-nothing',
      message: `the virtual tag ${tag}=${value} (${place(origin)}) matches no call of this audit`,
      calls: NO_CALLS,
      show: 'virtual',
    })),
  };
}

import { alikeValues, type AlikeValues, type Likeness } from '../domain/alike-values.ts';
import { added, NO_CALLS, type Sum, callsOf } from '../domain/coverage.ts';
import { requiredKeys, tagNamed } from '../domain/required-tags.ts';
import { counted } from '../domain/words.ts';
import type { Table } from './answer.ts';
import {
  type AuditSection,
  type AuditSubject,
  callsText,
  costCell,
  countCell,
  dearestFirst,
  type Finding,
  textCell,
} from './audit-section.ts';

/** A value that looks like another one of its tag. */
export interface ProposedValue {
  readonly tag: string;
  readonly value: string;
  /** What it most likely means. */
  readonly means: string;
  readonly likeness: Likeness;
  readonly calls: Sum;
}

/** Tags with more values than this name single things, and are not looked through. */
const MOST_VALUES = 10_000;

/** Values of the audited tags that look like one, as they are after the rules of aicost.yaml. */
export function proposedValues(subject: AuditSubject): readonly ProposedValue[] {
  return watchedTags(subject).flatMap((tag) => {
    const seen = valuesOfTag(subject, tag);
    if (seen.size > MOST_VALUES) return [];
    const values = [...seen].map(([value, { requests }]) => ({ value, requests }));
    return alikeValues(tag, values, subject.policy.allowed.get(tag)).flatMap(
      ({ value: means, others }: AlikeValues) =>
        others.map(({ value, likeness }) => ({
          tag,
          value,
          means,
          likeness,
          calls: seen.get(value) ?? NO_CALLS,
        })),
    );
  });
}

/** Tags whose values are names that people write. */
const NAMES = ['env', 'feature', 'team', 'product', 'project', 'workflow', 'agent', 'customer'];

const watchedTags = ({ policy, tagKeys }: AuditSubject): readonly string[] =>
  [...new Set([...requiredKeys(policy), ...policy.allowed.keys(), ...NAMES])].filter((tag) =>
    tagKeys.includes(tag),
  );

function valuesOfTag({ ask }: AuditSubject, tag: string): ReadonlyMap<string, Sum> {
  const seen = new Map<string, Sum>();
  for (const row of ask({ by: [tagNamed(tag)] }).rows) {
    const value = row.key[0] ?? null;
    if (value !== null) seen.set(value, added(seen.get(value) ?? NO_CALLS, callsOf(row)));
  }
  return seen;
}

/** Values that look like one, and values outside the allowed ones. */
export function valuesSection(subject: AuditSubject): AuditSection {
  const proposed = dearestFirst(
    proposedValues(subject),
    ({ calls }) => calls,
    ({ tag, value }) => `${tag}=${value}`,
  );
  const outside = valuesNotAllowed(subject);
  const alike: Table = {
    name: 'alike_values',
    title: 'Values that look like one (aicost audit --propose writes them as YAML)',
    columns: [
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'value', title: 'Value', yields: 0 },
      { key: 'means', title: 'Looks like', yields: 0 },
      { key: 'likeness', title: 'By', yields: 4 },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
    ],
    rows: proposed.map(({ tag, value, means, likeness, calls }) => [
      textCell(tag),
      textCell(value),
      textCell(means),
      textCell(likeness),
      countCell(calls.requests),
      costCell(calls),
    ]),
    empty: 'No two values of a tag look like one.',
  };
  const notAllowed: Table = {
    name: 'values_not_allowed',
    title: 'Values outside the allowed ones',
    columns: [
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'value', title: 'Value', yields: 0 },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 0 },
    ],
    rows: outside.map(({ tag, value, calls }) => [
      textCell(tag),
      textCell(value),
      countCell(calls.requests),
      costCell(calls),
    ]),
    empty: 'Every value is one of the allowed ones.',
  };
  return {
    name: 'values',
    tables: subject.policy.allowed.size === 0 ? [alike] : [alike, notAllowed],
    findings: [...alikeFindings(proposed), ...outsideFindings(outside)],
  };
}

interface OutsideValue {
  readonly tag: string;
  readonly value: string;
  readonly calls: Sum;
}

const valuesNotAllowed = (subject: AuditSubject): readonly OutsideValue[] =>
  dearestFirst(
    [...subject.policy.allowed].flatMap(([tag, isAllowed]) =>
      [...valuesOfTag(subject, tag)].flatMap(([value, calls]) =>
        isAllowed(value) ? [] : [{ tag, value, calls }],
      ),
    ),
    ({ calls }) => calls,
    ({ tag, value }) => `${tag}=${value}`,
  );

const sumOf = (items: readonly { readonly calls: Sum }[]): Sum =>
  items.reduce((sum, { calls }) => added(sum, calls), NO_CALLS);

const alikeFindings = (proposed: readonly ProposedValue[]): readonly Finding[] => {
  const [first] = proposed;
  if (first === undefined) return [];
  const { tag, value, means } = first;
  return [
    {
      code: 'alike-values',
      message: `${counted(proposed.length, 'value looks', 'values look')} like another one, such as ${tag} ${value} like ${means}`,
      calls: sumOf(proposed),
      show: 'values',
    },
  ];
};

const outsideFindings = (outside: readonly OutsideValue[]): readonly Finding[] => {
  const [first] = outside;
  if (first === undefined) return [];
  const calls = sumOf(outside);
  return [
    {
      code: 'value-not-allowed',
      message: `${callsText(calls)} with a value outside the allowed ones, such as ${first.tag} ${first.value}`,
      calls,
      show: 'values',
    },
  ];
};

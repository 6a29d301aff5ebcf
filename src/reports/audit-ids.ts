import {
  masked,
  PERSONAL_KINDS,
  type PersonalKind,
  personalKind,
} from '../domain/personal-data.ts';
import { added, NO_CALLS, type Sum, callsOf } from '../domain/coverage.ts';
import { tagNamed } from '../domain/required-tags.ts';
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

/** Values of one tag that look like personal data of one kind. */
interface PersonalValues {
  readonly tag: string;
  readonly kind: PersonalKind;
  readonly values: number;
  /** One of them, masked. */
  readonly example: string;
  readonly calls: Sum;
}

/**
 * Tag values that look like personal data. `rawValues` gives the values of a tag as the logs have them: which
 * rules rename them is no matter, since the raw ones stay in the ledger.
 */
export function idsSection(
  subject: AuditSubject,
  rawValues: (tag: string) => Iterable<string>,
): AuditSection {
  const tags = [...new Set([...subject.tagKeys, 'user', 'session'])];
  const found = dearestFirst(
    tags.flatMap((tag) => personalValues(subject, tag, rawValues(tag))),
    ({ calls }) => calls,
    ({ tag, kind }) => `${tag} ${kind}`,
  );
  const table: Table = {
    name: 'personal_data',
    title: 'Personal data in tags',
    columns: [
      { key: 'tag', title: 'Tag', yields: 0 },
      { key: 'kind', title: 'Looks like', yields: 0 },
      { key: 'values', title: 'Values', yields: 1 },
      { key: 'example_masked', title: 'Example, masked', yields: 3 },
      { key: 'requests', title: 'Calls', yields: 2 },
      { key: 'cost_usd', title: 'Spend', yields: 2 },
    ],
    rows: found.map(({ tag, kind, values, example, calls }) => [
      textCell(tag),
      textCell(kind),
      countCell(BigInt(values)),
      textCell(example),
      countCell(calls.requests),
      costCell(calls),
    ]),
    empty: `None found. Looked for: ${PERSONAL_KINDS.join(', ')}. Names of people have no form to look for.`,
  };
  return { name: 'ids', tables: [table], findings: found.map(finding) };
}

function personalValues(
  { askRaw }: AuditSubject,
  tag: string,
  values: Iterable<string>,
): readonly PersonalValues[] {
  const kinds = new Map<string, PersonalKind>();
  for (const value of values) {
    const kind = personalKind(value);
    if (kind !== undefined) kinds.set(value, kind);
  }
  if (kinds.size === 0) return [];
  const found = new Map<PersonalKind, PersonalValues>();
  for (const row of askRaw({ by: [tagNamed(tag)] }).rows) {
    const value = row.key[0] ?? '';
    const kind = kinds.get(value);
    if (kind === undefined) continue;
    const before = found.get(kind);
    found.set(kind, {
      tag,
      kind,
      values: (before?.values ?? 0) + 1,
      example: before?.example ?? masked(value),
      calls: added(before?.calls ?? NO_CALLS, callsOf(row)),
    });
  }
  return [...found.values()];
}

const finding = ({ tag, kind, values, calls }: PersonalValues): Finding => ({
  code: 'personal-data',
  message: `${counted(values, 'value')} of ${tag}, in ${callsText(calls)}, ${values === 1 ? 'looks' : 'look'} like ${kind === 'IP address' || kind === 'e-mail address' ? 'an' : 'a'} ${kind}; log an internal id instead`,
  calls,
  show: 'ids',
});

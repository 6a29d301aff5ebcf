import { InvalidArgumentError } from 'commander';
import { type Decimal, parseDecimal } from '../domain/money.ts';
import type { Profile } from '../domain/readiness.ts';
import { tagKey } from '../domain/tags.ts';
import { AUDIT_SECTIONS, type AuditSectionName } from '../reports/audit-section.ts';
import type { RuleFlags } from './attributed-ledger.ts';
import type { CostFlags } from './cost-flag.ts';
import type { OutputFlags, SelectionFlags } from './flags.ts';

/** Whose tags are audited. */
export const AUDIT_SOURCES = ['calls', 'bills'] as const;

/** Flags of `aicost audit`, as commander hands them over. */
export interface AuditFlags extends SelectionFlags, OutputFlags, CostFlags, RuleFlags {
  readonly keys?: readonly string[];
  readonly require?: readonly string[];
  readonly minCoverage?: { readonly text: string; readonly percent: Decimal };
  readonly show?: readonly AuditSectionName[];
  readonly profile: Profile;
  readonly propose?: boolean;
  readonly source: (typeof AUDIT_SOURCES)[number];
  readonly days?: number;
  readonly missingOwner?: boolean;
  readonly minFeatures: number;
  readonly strict?: boolean;
}

/** Tag names of a list. Throws InvalidArgumentError. */
export function parseKeys(text: string): readonly string[] {
  const keys = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (keys.length === 0) throw new InvalidArgumentError('expected tags such as team,feature.');
  return [...new Set(keys.map(tagKey))];
}

/** One of a few words, without the list that commander prints of choices. Throws InvalidArgumentError. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((known) => known === text);
    if (word === undefined) throw new InvalidArgumentError(`expected ${words.join(' or ')}.`);
    return word;
  };

/** Names of sections. Throws InvalidArgumentError. */
export function parseSections(text: string): readonly AuditSectionName[] {
  const names = text.split(',').map((name) => name.trim());
  return names.flatMap((name) => {
    if (name === 'all') return [...AUDIT_SECTIONS];
    const section = AUDIT_SECTIONS.find((known) => known === name);
    if (section === undefined)
      throw new InvalidArgumentError(
        `no section "${name}"; known are ${AUDIT_SECTIONS.join(', ')}, all.`,
      );
    return [section];
  });
}

/** A percentage from 0 to 100. Throws InvalidArgumentError. */
export function parsePercent(text: string): {
  readonly text: string;
  readonly percent: Decimal;
} {
  const plain = text.replace(/ ?%$/, '');
  const percent = /^\d{1,3}(\.\d{1,6})?$/.test(plain) ? parseDecimal(plain) : undefined;
  if (percent === undefined || percent.digits > 100n * 10n ** BigInt(percent.scale))
    throw new InvalidArgumentError('expected a percentage from 0 to 100, such as 80.');
  return { text: plain, percent };
}

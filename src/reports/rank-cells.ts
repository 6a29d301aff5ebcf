import type { Choice } from '../domain/combined-savings.ts';
import { type Money, money } from '../domain/money.ts';
import { type MonthScale, perMonth } from '../domain/month-scale.ts';
import type { Span } from '../domain/spend.ts';
import type { RankedItem, RankedSaving } from '../whatif/rank-result.ts';
import type { Cell, Column } from './answer.ts';

/** What is to be saved a month, and the least intrusive choice that goes for it. */
export interface WantedGap {
  readonly perMonth: Money;
  readonly choice: Choice<RankedSaving>;
}

/** What a ranking was asked for, and what was chosen of it. */
export interface RankReportOptions {
  readonly span: Span;
  readonly timeZone: string;
  readonly month: MonthScale;
  readonly cards: { readonly asOf: string; readonly digest: string };
  /** Smallest line item that is looked at, dollars a month, and whether the user said so. */
  readonly floorPerMonth: Money;
  readonly floorGiven: boolean;
  /** Every lever on every item, as far as they help together. */
  readonly everything: Choice<RankedSaving>;
  /** The gap that is to be closed, dollars a month, with the least intrusive choice. */
  readonly gap?: WantedGap;
}

/** Text as a cell. */
export const text = (value: string): Cell => ({ kind: 'text', value });
/** Money as a cell. */
export const amount = (value: Money): Cell => ({ kind: 'money', value });
/** An amount of the span as one of a month. */
export const monthly = (value: bigint, { month }: RankReportOptions): Money =>
  perMonth(money(value), month);

/** Columns of a line item. */
export const ITEM: readonly Column[] = [
  { key: 'feature', title: 'Feature', yields: 0 },
  { key: 'provider', title: 'Provider', yields: 9, only: 'programs' },
  { key: 'model', title: 'Model', yields: 2 },
];
/** Its cells. */
export const itemCells = ({ feature, provider, model }: RankedItem): readonly Cell[] => [
  feature === null ? { kind: 'absent', label: '(untagged)' } : text(feature),
  text(provider),
  text(model),
];

/** Columns of a lever: where it leads, and what it changes. */
export const LEVER: readonly Column[] = [
  { key: 'lever', title: 'Lever', yields: 0, whole: true },
  { key: 'to', title: 'To', yields: 0, wraps: true },
  { key: 'changes', title: 'Changes', yields: 3 },
];
/** Its cells; a lever may lead nowhere. */
export const leverCells = ({ lever, flags, touches }: RankedSaving): readonly Cell[] => [
  text(lever),
  flags['to'] === undefined
    ? { kind: 'absent', label: '' }
    : text(flags['to'].replace(/^[^/]*\//, '')),
  text(touches),
];

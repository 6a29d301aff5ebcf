import type { Decimal, Money } from '../domain/money.ts';

/**
 * One cell, typed by what it measures, so that each format decides how that looks: people get rounded
 * money and thousands separators, programs get exact decimal text.
 */
export type Cell =
  /** Text from a log or a card: hostile until a renderer has cleaned it. */
  | { readonly kind: 'text'; readonly value: string }
  /** A group that has no such tag; `label` is what people read, programs get null. */
  | { readonly kind: 'absent'; readonly label: string }
  /** `partial` when some of what the cell stands for has no price, so that the true amount is higher. */
  | {
      readonly kind: 'money';
      readonly value: Money;
      readonly partial?: boolean;
      /** The true amount is this or more; or near it, since it follows from an estimate. */
      readonly bound?: 'at-least' | 'about';
      /** It rests on something that nobody said: shown with a star. */
      readonly assumed?: boolean;
    }
  /** Money to its last digit, for people too. */
  | { readonly kind: 'exact-money'; readonly value: Money }
  /** An amount in the currency of its row, exact; people read it rounded. */
  | { readonly kind: 'amount'; readonly value: Decimal }
  /** An instant, milliseconds UTC: people read the clock or date and clock, programs ISO 8601. */
  | { readonly kind: 'time'; readonly value: number; readonly show: 'clock' | 'date' }
  /** A whole number: requests, tokens, errors. */
  | { readonly kind: 'count'; readonly value: bigint }
  /** A count that lies in a band; a single number where both ends are one. */
  | {
      readonly kind: 'estimate';
      readonly value: bigint;
      readonly low: bigint;
      readonly high: bigint;
      readonly assumed?: boolean;
    }
  /** Part of a whole, as numerator and denominator: 1/4 is 25 %. */
  | { readonly kind: 'share'; readonly part: bigint; readonly whole: bigint }
  /** A change against a base amount: +12 %, or "new" when the base is zero. */
  | { readonly kind: 'change'; readonly from: bigint; readonly to: bigint }
  | { readonly kind: 'milliseconds'; readonly value: number }
  /** Not known, which is never zero; shown as a dash, or as a question mark where somebody should look into it. */
  | { readonly kind: 'unknown'; readonly asks?: boolean };

/** Text from a log or a card as a cell; empty where there is none. */
export const optionalText = (value: string | undefined): Cell =>
  value === undefined ? { kind: 'absent', label: '' } : { kind: 'text', value };

/** A column. `key` names it for programs and never changes; `title` names it for people. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** How early a narrow screen gives it up: 0 never, then 9 first. */
  readonly yields: number;
  /** Text that is too long goes on in the next line instead of being cut. */
  readonly wraps?: boolean;
  /** Short text such as a day or a price: never cut, its column is given up instead. */
  readonly whole?: boolean;
  /** Draws a bar of the share beside the number on a terminal. */
  readonly bar?: boolean;
  /** For people only, or for programs only; both when left out. */
  readonly only?: 'people' | 'programs';
}

/** Rows under columns. `name` is the key of the rows in JSON: `rows` for the main table. */
export interface Table {
  readonly name: string;
  /** Heading for people; none when the answer has one table that needs none. */
  readonly title?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that sum up others: for people only, since programs would count twice. */
  readonly summaries?: ReadonlySet<number>;
  /** Sum of the rows, in the same columns; key `totals` in JSON. */
  readonly totals?: readonly Cell[];
  /** What to say when there is no row. */
  readonly empty?: string;
}

/** Something the reader has to know beside the numbers. `code` is stable, `message` is a sentence. */
export interface Note {
  readonly code: string;
  readonly message: string;
}

/** A value that JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What a report has to say, before it is text. Pure data: every format prints the same answer. */
export interface Answer {
  /** `aicost.report/1`: name and version of the JSON contract. */
  readonly schema: string;
  /** One line above the tables, for people. */
  readonly headline?: string;
  /** Facts beside the tables that programs need: period, currency, rate card. */
  readonly facts: { readonly [key: string]: Json };
  readonly tables: readonly Table[];
  readonly notes: readonly Note[];
}

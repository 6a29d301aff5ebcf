import type { Origin } from '../../errors.ts';

/**
 * A value that only its size is known of: no text stands for it, it is truthy, equal to nothing but itself,
 * and printing it writes a piece of that many tokens.
 */
export interface SizedValue {
  readonly kind: 'sized';
  readonly tokens: number;
}

/** What a variable may be: JSON-like data, or a size. Objects have no prototype that templates could reach. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | SizedValue;

/** A variable's value and where it was given, for annotations. */
export interface GivenValue {
  readonly value: Value;
  /** The file that holds the value itself (a sample file), else the place that declares it. */
  readonly origin?: Origin;
  /** It is the same in every call, so that a cached prefix may reach past it. False unless somebody says so. */
  readonly constant?: boolean;
}

/** Values by the names of variables. */
export type Values = ReadonlyMap<string, GivenValue>;

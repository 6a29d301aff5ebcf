import { fitsFilter } from './filter-text.ts';
import type { Dimension, Filter } from './spend.ts';

/** What a group of calls has of a dimension; null where it has none. */
export type ValueOf = (dimension: Dimension) => string | null;

/** Whether a group of calls fits all of some filters; none ask for nothing. */
export const fitsAll = (filters: readonly Filter[], valueOf: ValueOf): boolean =>
  filters.every((filter) => fitsFilter(filter, valueOf(filter.dimension)));

/** Whether two dimensions are the same one. */
const sameDimension = (a: Dimension, b: Dimension): boolean =>
  a.kind === b.kind && a.name === b.name;

/** The dimensions without repetition, in the order of their first. */
export const distinctDimensions = (dimensions: readonly Dimension[]): readonly Dimension[] =>
  dimensions.filter(
    (one, index) => dimensions.findIndex((other) => sameDimension(one, other)) === index,
  );

/** Reads the values of a row of an answer by the dimensions that were asked for; null for others. */
export const valuesOf =
  (by: readonly Dimension[], key: readonly (string | null)[]): ValueOf =>
  (dimension) =>
    key[by.findIndex((each) => sameDimension(each, dimension))] ?? null;

import type { Origin } from '../domain/origin.ts';
import type { AttributionSource } from '../domain/tag-rules.ts';
import type { Json } from './answer.ts';

/** A tag that rules give a call, or whose value they change. */
export interface GivenTag {
  readonly value: string;
  readonly source: AttributionSource;
  /** Where the rule stands; absent where the value was inferred. */
  readonly rule?: Origin;
  /** Millionths of the calls of the same run, session or key that agree; for inferred values only. */
  readonly certainty?: number;
}

/** Such tags by their names. */
export type GivenTags = ReadonlyMap<string, GivenTag>;

/** What rules give, for programs. */
export const givenRecord = (given: GivenTags): { readonly [key: string]: Json } =>
  Object.fromEntries(
    [...given].map(([name, { value, source, rule, certainty }]) => [
      name,
      {
        value,
        source,
        ...(rule === undefined ? {} : { rule: `${rule.file}:${rule.line ?? ''}` }),
        ...(certainty === undefined ? {} : { confidence: certainty / 1_000_000 }),
      },
    ]),
  );

const FROM: Readonly<Record<AttributionSource, string>> = {
  request: 'virtual tag',
  key: 'key map',
  hierarchy: 'hierarchy',
  inferred: 'inferred',
};

/** Each of them as a line of its own: `team=checkout (key map, aicost.yaml:7)`. */
export const givenTexts = (given: GivenTags): readonly string[] =>
  [...given].map(([name, { value, source, rule, certainty }]) => {
    const place = rule === undefined ? '' : `, ${rule.file}:${rule.line ?? ''}`;
    const sure =
      certainty === undefined ? '' : `, ${Math.floor(certainty / 10_000)} % of the others agree`;
    return `${name}=${value} (${FROM[source]}${place}${sure})`;
  });

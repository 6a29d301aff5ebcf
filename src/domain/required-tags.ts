import { distinctDimensions, fitsAll, type ValueOf } from './filter-match.ts';
import type { Dimension } from './spend.ts';
import type { RequiredWhere, TagRules } from './tag-rules.ts';

/** What a call has to say about itself. */
export interface TagPolicy {
  readonly requirements: readonly RequiredWhere[];
  /** Whether a tag may have a value, by tag; a tag that is not listed may have any. */
  readonly allowed: ReadonlyMap<string, (value: string) => boolean>;
}

/** A call held against a policy. */
export interface TagVerdict {
  /** Tags that are required of it. */
  readonly required: readonly string[];
  /** Those of them that it lacks, or has with a value that is not allowed. */
  readonly missing: readonly string[];
}

/** What the rules of aicost.yaml ask of calls. */
export const policyOf = ({ required, requiredWhere, allowed }: TagRules): TagPolicy => ({
  requirements: [
    ...(required.length === 0 ? [] : [{ where: [], keys: required }]),
    ...requiredWhere,
  ],
  allowed: new Map(
    [...allowed].map(([tag, patterns]) => [
      tag,
      (value) => patterns.some(({ matches }) => matches(value)),
    ]),
  ),
});

/** A tag as something to group by. */
export const tagNamed = (name: string): Dimension => ({ kind: 'tag', name });

/** Every tag that is required of some call, in the order of the policy. */
export const requiredKeys = ({ requirements }: TagPolicy): readonly string[] => [
  ...new Set(requirements.flatMap(({ keys }) => keys)),
];

/** What has to be known of calls before they can be held against a policy. */
export const judgedBy = (policy: TagPolicy): readonly Dimension[] =>
  distinctDimensions([
    ...requiredKeys(policy).map(tagNamed),
    ...policy.requirements.flatMap(({ where }) => where.map(({ dimension }) => dimension)),
  ]);

/** Which required tags a call lacks. A value outside the allowed ones is as good as none. */
export function judgeTags(policy: TagPolicy, valueOf: ValueOf): TagVerdict {
  const required = [
    ...new Set(
      policy.requirements.flatMap(({ where, keys }) => (fitsAll(where, valueOf) ? keys : [])),
    ),
  ];
  const isValid = (key: string): boolean => {
    const value = valueOf(tagNamed(key));
    return value !== null && value !== '' && policy.allowed.get(key)?.(value) !== false;
  };
  return { required, missing: required.filter((key) => !isValid(key)) };
}

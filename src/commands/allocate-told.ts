import type { ConsumerKey } from '../domain/allocation-plan.ts';
import type { BillLine } from '../domain/bill.ts';
import type { Above } from '../domain/chargeback.ts';
import type { TagRules } from '../domain/tag-rules.ts';

/** What the rules of aicost.yaml make of tags that are no call's: those of metered usage and of consumers. */
export interface ToldTags {
  /** The value of a dimension, where somebody is known by some tags at an instant; null where there is none. */
  readonly valueOf: (
    tags: ReadonlyMap<string, string>,
    name: string,
    time: number,
  ) => string | null;
  /** The same for a tag of a line of a bill. */
  readonly tagOfLine: (line: BillLine, name: string) => string | null;
  readonly above: Above;
}

/** Makes the rules ready for tags without a call. Without rules, tags are what they are. */
export async function openTold(rules: TagRules | undefined): Promise<ToldTags> {
  if (rules === undefined)
    return {
      valueOf: (tags, name) => tags.get(name) ?? null,
      tagOfLine,
      above: () => undefined,
    };
  const [{ openAttribution }, { alignedBill }] = await Promise.all([
    import('../attribution/attribution.ts'),
    import('../attribution/bill-alignment.ts'),
  ]);
  const attribution = openAttribution(rules);
  const valueOf: ToldTags['valueOf'] = (tags, name, time) =>
    attribution.at(time).find(name, (tag) => tags.get(tag) ?? null)?.value ?? null;
  /** The tags from which hierarchies lead up to a tag. */
  const below = (name: string): readonly string[] =>
    rules.hierarchies.filter(({ to }) => to === name).flatMap(({ of }) => [of, ...below(of)]);
  return {
    valueOf,
    tagOfLine: (line, name) => tagOfLine(alignedBill(line, attribution), name),
    above: (key, by, name, step) => {
      if (!below(name).some((tag) => by.some((known) => known.name === tag))) return undefined;
      const tags = tagsOf(key, by);
      const first = valueOf(tags, name, step.start);
      // Who has moved within the step belongs to neither as a whole.
      return first === valueOf(tags, name, step.end - 1) ? first : undefined;
    },
  };
}

const tagOfLine = ({ tags }: BillLine, name: string): string | null =>
  Object.hasOwn(tags, name) ? (tags[name] ?? null) : null;

const tagsOf = (
  key: ConsumerKey,
  by: readonly { readonly name: string }[],
): ReadonlyMap<string, string> =>
  new Map(
    by.flatMap(({ name }, index) => {
      const value = key[index] ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );

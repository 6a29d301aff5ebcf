import { isCallFact } from '../../domain/call-facts.ts';
import { isKnownTag, keySays, OWNER_TAGS, splitFlatTag } from '../../domain/tags.ts';
import { tagsFrom, textAt, wordsAt } from './fields.ts';

/** Owner tags and what is left for labels. */
export interface CustomTags {
  readonly tags: Record<string, string>;
  readonly labels: readonly string[];
}

/**
 * What the caller of a gateway set: flat tags `key:value`, and above them keyed metadata. What has no
 * key of the known ones or of facts, or no key at all, becomes a label.
 */
export function customTags(flat: readonly unknown[], keyed: unknown): CustomTags {
  const texts = flat.map((tag) => textAt(tag) ?? '').filter((text) => text.trim() !== '');
  const known = (text: string) => {
    const tag = splitFlatTag(text);
    return tag !== undefined && hasMeaning(tag.key) ? tag : undefined;
  };
  // The one fact that is a list, which tags are not.
  const hashes = wordsAt(keyed, 'prefix_hashes');
  const pairs = texts
    .map(known)
    .flatMap((tag) => (tag === undefined ? [] : [[tag.key, tag.value]]));
  const entries = Object.entries(tagsFrom(keyed));
  return {
    tags: {
      ...tagsFrom(Object.fromEntries(pairs)),
      ...Object.fromEntries(entries.filter(([key]) => hasMeaning(key))),
      ...(hashes !== undefined && { prefix_hashes: hashes }),
    },
    labels: [
      ...texts.filter((text) => known(text) === undefined),
      ...entries.filter(([key]) => !hasMeaning(key)).map(([key, value]) => `${key}=${value}`),
    ],
  };
}

const hasMeaning = (key: string): boolean => isKnownTag(key) || isCallFact(key);

/** Labels for what a key says of owners where the request says something else, so that both can be compared. */
export const overruledLabels = (
  request: Readonly<Record<string, string>>,
  key: Readonly<Record<string, string>>,
): readonly string[] =>
  OWNER_TAGS.flatMap((tag) => {
    const [said, overruled] = [request[tag], key[tag]];
    return said === undefined || overruled === undefined || said === overruled
      ? []
      : [`${keySays(tag)}=${overruled}`];
  });

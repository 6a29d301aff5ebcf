import { isKnownTag, keySays, OWNER_TAGS, splitFlatTag } from '../../domain/tags.ts';
import { tagsFrom, textAt } from './fields.ts';

/** Owner tags and what is left for labels. */
export interface CustomTags {
  readonly tags: Record<string, string>;
  readonly labels: readonly string[];
}

/**
 * What the caller of a gateway set: flat tags `key:value`, and above them keyed metadata. What has no
 * key of the known ones, or no key at all, becomes a label.
 */
export function customTags(flat: readonly unknown[], keyed: unknown): CustomTags {
  const texts = flat.map((tag) => textAt(tag) ?? '').filter((text) => text.trim() !== '');
  const known = (text: string) => {
    const tag = splitFlatTag(text);
    return tag !== undefined && isKnownTag(tag.key) ? tag : undefined;
  };
  const pairs = texts
    .map(known)
    .flatMap((tag) => (tag === undefined ? [] : [[tag.key, tag.value]]));
  const entries = Object.entries(tagsFrom(keyed));
  return {
    tags: {
      ...tagsFrom(Object.fromEntries(pairs)),
      ...Object.fromEntries(entries.filter(([key]) => isKnownTag(key))),
    },
    labels: [
      ...texts.filter((text) => known(text) === undefined),
      ...entries.filter(([key]) => !isKnownTag(key)).map(([key, value]) => `${key}=${value}`),
    ],
  };
}

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

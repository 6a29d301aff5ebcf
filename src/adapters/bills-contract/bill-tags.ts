import { isKnownTag, tagKey } from '../../domain/tags.ts';
import { isFields, textAt } from '../contract/fields.ts';

/** Tags of a bill's line: names that aicost knows as tags, all others as labels `key=value`. */
export interface BillTags {
  readonly tags: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
}

/**
 * Sorts the tags that a cloud put on a line. A tag without a value is the boolean true in FOCUS and
 * becomes the label `name=true`. Later objects win over earlier ones.
 */
export function billTags(...sources: readonly unknown[]): BillTags {
  const tags = new Map<string, string>();
  const labels = new Map<string, string>();
  for (const [key, value] of sources.flatMap((source) => Object.entries(tagObject(source)))) {
    const name = key.replace(/^user[:_]/, '').trim();
    const text = textAt(value)?.trim();
    if (name === '' || text === undefined || text === '') continue;
    if (isKnownTag(name) && value !== true) tags.set(tagKey(name), text);
    else labels.set(name, text);
  }
  return {
    tags: Object.fromEntries(tags),
    labels: [...labels].map(([name, text]) => `${name}=${text}`),
  };
}

/** Tags as an object, as JSON, as pairs without braces (Azure), or as a list of key and value (Google). */
function tagObject(source: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(source))
    return Object.fromEntries(
      source.flatMap((pair) => {
        const key = textAt(pair, 'key');
        return key === undefined ? [] : [[key, textAt(pair, 'value')]];
      }),
    );
  if (isFields(source)) return source;
  if (typeof source !== 'string' || source.trim() === '') return {};
  const text = source.trim();
  try {
    const parsed: unknown = JSON.parse(/^[{[]/.test(text) ? text : `{${text}}`);
    return typeof parsed === 'string' ? {} : tagObject(parsed);
  } catch {
    // What cannot be read is kept as it is written, not lost.
    return { tags: text };
  }
}

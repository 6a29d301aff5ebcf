import {
  INFERENCE_BASES,
  type OwnerRule,
  type RequiredWhere,
  type TagRules,
  type VirtualTag,
} from '../domain/tag-rules.ts';
import type { ValuePattern } from '../domain/value-pattern.ts';
import { dimensionNamed } from '../domain/filter-text.ts';
import { hierarchiesAt } from './hierarchy-file.ts';
import { keyRulesAt } from './key-rules-file.ts';
import {
  type Fields,
  filtersAt,
  inForceAt,
  oneOf,
  patternsAt,
  requireKeys,
  tagAt,
  tagNamed,
  tagsAt,
} from './rule-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

const TAGS_KEYS = ['required', 'required_where', 'allowed', 'virtual', 'infer', 'cloud'];
const VIRTUAL_KEYS = ['tag', 'value', 'match', 'from', 'since', 'until'];

/** Decodes `tags`, `keys`, `hierarchy` and `owners` of aicost.yaml. Days of rules are those of `timeZone`. */
export function tagRulesAt(read: TreeReader, fields: Fields, timeZone: string): TagRules {
  const tags = read.map(fields.get('tags')?.value, 'tags', TAGS_KEYS);
  const at = (key: string): Located | undefined => tags.get(key)?.value;
  return {
    required: tagsAt(read, at('required'), 'tags.required'),
    requiredWhere: requiredWhereAt(read, at('required_where')),
    allowed: allowedAt(read, at('allowed')),
    virtual: virtualTagsAt(read, at('virtual'), timeZone),
    infer: inferAt(read, at('infer')),
    cloud: cloudAt(read, at('cloud')),
    keys: keyRulesAt(read, fields.get('keys')?.value, timeZone),
    hierarchies: hierarchiesAt(read, fields.get('hierarchy')?.value, timeZone),
    owners: ownersAt(read, fields.get('owners')?.value),
  };
}

const requiredWhereAt = (read: TreeReader, value: Located | undefined): readonly RequiredWhere[] =>
  read.list(value, 'tags.required_where').map((item, index) => {
    const path = `tags.required_where[${index}]`;
    const fields = read.map(item, path, ['where', 'keys']);
    requireKeys(read, item, path, ['where', 'keys']);
    return {
      where: filtersAt(read, fields.get('where')?.value, `${path}.where`),
      keys: tagsAt(read, fields.get('keys')?.value, `${path}.keys`),
    };
  });

function allowedAt(
  read: TreeReader,
  value: Located | undefined,
): ReadonlyMap<string, readonly ValuePattern[]> {
  const allowed = new Map<string, readonly ValuePattern[]>();
  for (const { key, keyOrigin, value: values } of read.map(value, 'tags.allowed').values()) {
    const path = `tags.allowed.${key}`;
    const tag = tagNamed(read, { origin: keyOrigin, text: key }, 'tags.allowed');
    const patterns = patternsAt(read, values, path);
    if (tag !== undefined) allowed.set(tag, patterns);
  }
  return allowed;
}

const virtualTagsAt = (
  read: TreeReader,
  value: Located | undefined,
  timeZone: string,
): readonly VirtualTag[] =>
  read.list(value, 'tags.virtual').flatMap((item, index) => {
    const path = `tags.virtual[${index}]`;
    const fields = read.map(item, path, VIRTUAL_KEYS);
    requireKeys(read, item, path, ['tag', 'value', 'match']);
    const tag = tagAt(read, fields.get('tag')?.value, `${path}.tag`);
    const to = read.text(fields.get('value')?.value, `${path}.value`);
    const match = patternsAt(read, fields.get('match')?.value, `${path}.match`);
    const written = read.text(fields.get('from')?.value, `${path}.from`);
    const from = written === undefined ? undefined : dimensionNamed(written).name;
    const dates = inForceAt(read, fields, path, timeZone);
    if (tag === undefined || to === undefined) return [];
    const source = from === tag ? undefined : from;
    return [{ tag, value: to, match, from: source, origin: item.origin, ...dates }];
  });

function inferAt(read: TreeReader, value: Located | undefined): TagRules['infer'] {
  // `infer: off` reads well, and is what leaving it out means.
  if (value?.kind === 'scalar' && (value.text === 'off' || value.text === 'false')) return [];
  const items = value?.kind === 'scalar' ? [value] : read.list(value, 'tags.infer');
  const bases = items.flatMap((item) => oneOf(read, item, 'tags.infer', INFERENCE_BASES) ?? []);
  return [...new Set(bases)];
}

function cloudAt(read: TreeReader, value: Located | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { key, value: tag } of read.map(value, 'tags.cloud').values()) {
    const name = tagAt(read, tag, `tags.cloud.${key}`);
    if (name !== undefined) names.set(key, name);
  }
  return names;
}

/** More tags than this, beside those that are audited, cannot be joined in one question. */
const MOST_OWNER_TAGS = 24;

function ownersAt(read: TreeReader, value: Located | undefined): readonly OwnerRule[] {
  const owners = read.list(value, 'owners').flatMap((item, index): readonly OwnerRule[] => {
    const path = `owners[${index}]`;
    const fields = read.map(item, path, ['where', 'owner']);
    requireKeys(read, item, path, ['where', 'owner']);
    const where = filtersAt(read, fields.get('where')?.value, `${path}.where`);
    const owner = read.text(fields.get('owner')?.value, `${path}.owner`);
    return owner === undefined ? [] : [{ where, owner, origin: item.origin }];
  });
  const asked = new Set(
    owners.flatMap(({ where }) => where.map(({ dimension }) => dimension.name)),
  );
  if (value !== undefined && asked.size > MOST_OWNER_TAGS)
    read.error(
      value.origin,
      `owners: conditions on at most ${MOST_OWNER_TAGS} different tags, found ${asked.size}`,
    );
  return owners;
}

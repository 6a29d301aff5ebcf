import { dimensionNamed } from '../domain/filter-text.ts';
import type { Filter } from '../domain/spend.ts';
import type { InForce, KeyRule } from '../domain/tag-rules.ts';
import { filtersAt, inForceAt, requireKeys, tagNamed } from './rule-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** What a key rule may name its calls by, besides `where`. */
const SELECTORS = [
  'api_key',
  'project',
  'deployment',
  'endpoint',
  'account',
  'provider',
  'model',
  'region',
];
const KEYS = [...SELECTORS, 'where', 'set', 'since', 'until'];

/** Decodes `keys:` of aicost.yaml: what the calls of a key, a project, a deployment or an endpoint are for. */
export function keyRulesAt(
  read: TreeReader,
  value: Located | undefined,
  timeZone: string,
): readonly KeyRule[] {
  const rules = read
    .list(value, 'keys')
    .map((item, index) => keyRuleAt(read, item, `keys[${index}]`, timeZone));
  const known = new Map<string, readonly KeyRule[]>();
  for (const [index, rule] of rules.entries()) {
    const alike = known.get(rule.text) ?? [];
    known.set(rule.text, [...alike, rule]);
    const other = alike.find((earlier) => contradict(earlier, rule));
    if (other !== undefined)
      read.error(
        rule.origin,
        `keys[${index}]: ${rule.text} has other values by line ${other.origin.line ?? '?'} at the same time; end one with until where the other begins with since`,
      );
  }
  return rules;
}

function keyRuleAt(read: TreeReader, item: Located, path: string, timeZone: string): KeyRule {
  const fields = read.map(item, path, KEYS);
  requireKeys(read, item, path, ['set']);
  const selectors = SELECTORS.flatMap((name): readonly Filter[] => {
    const pattern = read.text(fields.get(name)?.value, `${path}.${name}`);
    // `deployment` is no tag, but whichever name of the model was asked for.
    return pattern === undefined
      ? []
      : [{ dimension: dimensionNamed(name), negated: false, pattern }];
  });
  const where = [...selectors, ...filtersAt(read, fields.get('where')?.value, `${path}.where`)];
  if (item.kind === 'map' && where.length === 0)
    read.error(item.origin, `${path}: expected one of ${SELECTORS.join(', ')} or where`);
  const set = new Map<string, string>();
  const written = fields.get('set')?.value;
  for (const { key, keyOrigin, value } of read.map(written, `${path}.set`).values()) {
    const tag = tagNamed(read, { origin: keyOrigin, text: key }, `${path}.set`);
    const text = read.text(value, `${path}.set.${key}`);
    if (tag !== undefined && text !== undefined) set.set(tag, text);
  }
  const text = where
    .map(({ dimension, negated, pattern }) => `${dimension.name}${negated ? '!=' : '='}${pattern}`)
    .join(', ');
  return { where, text, set, origin: item.origin, ...inForceAt(read, fields, path, timeZone) };
}

/** Whether two rules for the same calls say different things at one time. */
const contradict = (one: KeyRule, other: KeyRule): boolean =>
  meet(one, other) &&
  [...one.set].some(([tag, value]) => other.set.has(tag) && other.set.get(tag) !== value);

/** Whether two rules hold at some time both. */
export const meet = (one: InForce, other: InForce): boolean =>
  (one.since ?? Number.NEGATIVE_INFINITY) < (other.until ?? Number.POSITIVE_INFINITY) &&
  (other.since ?? Number.NEGATIVE_INFINITY) < (one.until ?? Number.POSITIVE_INFINITY);

import { holdsAt, type KeyRule, type TagRules } from './tag-rules.ts';

/** Tags that a gateway may put on every call of one of its keys. */
export interface KeyTags {
  readonly key: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Rules of the key map as a gateway can hold them, and those that it cannot, as they were written. */
export interface GatewayTags {
  readonly keys: readonly KeyTags[];
  readonly left: readonly string[];
}

/**
 * What the key map sets at an instant, by key. A gateway knows a key by its name alone: rules with patterns or
 * with conditions on anything else are left to reports.
 */
export function gatewayTags({ keys }: TagRules, at: number): GatewayTags {
  const inForce = keys.filter((rule) => holdsAt(rule, at));
  const found = new Map<string, Map<string, string>>();
  const left: string[] = [];
  for (const rule of inForce) {
    const key = keyOf(rule);
    if (key === undefined) left.push(rule.text);
    else {
      const tags = found.get(key) ?? new Map<string, string>();
      // The first rule that sets a tag holds, as it does in reports.
      for (const [tag, value] of rule.set) if (!tags.has(tag)) tags.set(tag, value);
      found.set(key, tags);
    }
  }
  return { keys: [...found].map(([key, tags]) => ({ key, tags })), left };
}

/** The key that a rule names and nothing else; `undefined` for any other rule. */
function keyOf({ where }: KeyRule): string | undefined {
  const [only] = where;
  return where.length === 1 &&
    only?.dimension.name === 'api_key' &&
    !only.negated &&
    only.pattern !== '' &&
    !only.pattern.includes('*')
    ? only.pattern
    : undefined;
}

import type { UsageEvent } from './usage.ts';

/** What carries tags and labels. */
export type Tagged = Pick<UsageEvent, 'tags' | 'labels'>;

/** Tags whose values are few, kept once per distinct set; any free key joins them. */
export const OWNER_TAGS = [
  'feature',
  'team',
  'customer',
  'tenant',
  'product',
  'project',
  'env',
  'workflow',
  'agent',
  'api_key',
] as const;

/** Tags that nearly every call has a value of its own for, kept with the call. */
const CALL_TAGS = ['run', 'session', 'user', 'step'] as const;
/** One of CALL_TAGS. */
export type CallTag = (typeof CALL_TAGS)[number];

const KNOWN: ReadonlySet<string> = new Set<string>([...OWNER_TAGS, ...CALL_TAGS]);

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    environment: 'env',
    deployment_environment: 'env',
    'deployment.environment': 'env',
    'deployment.environment.name': 'env',
    stage: 'env',
    feature_id: 'feature',
    feature_name: 'feature',
    team_id: 'team',
    team_name: 'team',
    customer_id: 'customer',
    customer_name: 'customer',
    tenant_id: 'tenant',
    product_id: 'product',
    project_id: 'project',
    project_name: 'project',
    workflow_id: 'workflow',
    workflow_name: 'workflow',
    agent_id: 'agent',
    agent_name: 'agent',
    step_id: 'step',
    step_name: 'step',
    run_id: 'run',
    session_id: 'session',
    user_id: 'user',
    userid: 'user',
    sessionid: 'session',
    apikey: 'api_key',
    api_key_name: 'api_key',
    api_key_alias: 'api_key',
  }),
);

const CONTROL = /[\u0000-\u001f\u007f]/g;

/** Most keys whose names are remembered. */
const REMEMBERED = 1000;
const nameOf = new Map<string, string>();

/** The name a tag key is kept under: usual spellings become the known key, others stay, trimmed. */
export function tagKey(key: string): string {
  const known = nameOf.get(key);
  if (known !== undefined) return known;
  const name = tagName(key);
  if (nameOf.size >= REMEMBERED) nameOf.clear();
  nameOf.set(key, name);
  return name;
}

function tagName(key: string): string {
  const plain = key.replace(CONTROL, '').trim();
  const lower = plain.toLowerCase().replaceAll('-', '_');
  if (KNOWN.has(lower)) return lower;
  return SPELLINGS.get(lower) ?? plain;
}

/**
 * The label under which a call keeps what a gateway says its key is for, where the request itself says something
 * else of that tag: the request's word is the tag, and the other is not lost.
 */
export const keySays = (tag: string): string => `key_${tag}`;

/** Whether a key, in any usual spelling, is one of the tags that DESIGN.md 2 names. */
export const isKnownTag = (key: string): boolean => KNOWN.has(tagKey(key));

/** Whether a tag is kept with each call rather than in its tag set. */
export const isCallTag = (key: string): key is CallTag =>
  key === 'run' || key === 'session' || key === 'user' || key === 'step';

/** Splits a flat tag `key:value` or `key=value`; `undefined` when it is neither. */
export function splitFlatTag(text: string): { key: string; value: string } | undefined {
  const at = text.search(/[:=]/);
  if (at < 1 || at === text.length - 1) return undefined;
  const [key, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  return key === '' || value === '' ? undefined : { key, value };
}

/**
 * Every key that aicost.yaml may have at its left margin. Each reader of the file decodes the ones it needs and
 * refuses others by this list.
 */
export const SETTINGS_KEYS = [
  'version',
  'ledger',
  'rates',
  'timezone',
  'deployments',
  'identifiers',
  'not_identifiers',
  'tags',
  'keys',
  'hierarchy',
  'owners',
  'prices',
  'rules',
  'base',
  'images',
  'defaults',
  'workspaces',
  'prompts',
  'gate',
  'policy_source',
  'allocation',
] as const;

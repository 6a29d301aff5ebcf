import {
  type CostLimits,
  type GatePolicy,
  type Limit,
  type NewPromptLimits,
  type PromptLimits,
  REQUIRABLE,
  type Requirable,
} from '../domain/gate-policy.ts';
import { knownFields } from '../domain/known-fields.ts';
import { nearest } from '../domain/nearest.ts';
import type { Workspace } from '../domain/prompt-plan.ts';
import { wordAt } from './overlay-values.ts';
import {
  PERCENTAGE,
  type Spelling,
  TOKENS,
  USD_A_CALL,
  USD_A_MONTH,
  writtenAt,
} from './plan-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** What a config without `gate:` holds: nothing, and numbers that are not known are a warning. */
export const NO_GATE: GatePolicy = {
  mode: 'fail',
  workspaces: new Map(),
  unknown: 'warn',
  selfWaive: 'allow',
  allowTrailers: false,
};

const GATE_KEYS = [
  'mode',
  'total',
  'workspace',
  'prompt',
  'new_prompt',
  'message',
  'unknown',
  'self_waive',
  'allow_trailers',
];

/** Decodes `gate:`; `workspaces` are those that it may limit. */
export function gateAt(
  read: TreeReader,
  value: Located | undefined,
  workspaces: readonly Workspace[],
): GatePolicy {
  if (value === undefined) return NO_GATE;
  const fields = read.map(value, 'gate', GATE_KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const said = {
    total: decodeCostLimits(read, at('total'), 'gate.total'),
    prompt: decodePromptLimits(read, at('prompt'), 'gate.prompt'),
    newPrompt: newPromptAt(read, at('new_prompt')),
    message: read.text(at('message'), 'gate.message'),
  };
  return {
    origin: value.origin,
    mode: wordAt(read, at('mode'), 'gate.mode', ['fail', 'warn']),
    unknown: wordAt(read, at('unknown'), 'gate.unknown', ['warn', 'fail', 'ignore']),
    selfWaive: wordAt(read, at('self_waive'), 'gate.self_waive', ['allow', 'deny']),
    allowTrailers: read.flag(at('allow_trailers'), 'gate.allow_trailers'),
    workspaces: workspaceLimitsAt(read, at('workspace'), workspaces),
    ...knownFields(said),
  };
}

function workspaceLimitsAt(
  read: TreeReader,
  value: Located | undefined,
  workspaces: readonly Workspace[],
): ReadonlyMap<string, CostLimits> {
  const names = workspaces.map(({ name }) => name);
  const limits = new Map<string, CostLimits>();
  for (const { key, keyOrigin, value: cell } of read.map(value, 'gate.workspace').values()) {
    const close = nearest(key, names);
    if (!names.includes(key))
      read.error(
        keyOrigin,
        `gate.workspace: no workspace is called "${key}"; ${close === undefined ? 'name it under workspaces:' : `did you mean "${close}"?`}`,
      );
    const decoded = decodeCostLimits(read, cell, `gate.workspace.${key}`);
    if (decoded !== undefined) limits.set(key, decoded);
  }
  return limits;
}

const COST_KEYS = ['max_increase_usd', 'max_increase_pct', 'max_usd', 'min_effect_usd', 'message'];

/** Reads limits below one key: every field and where it stands. */
function limitReader(
  read: TreeReader,
  value: Located,
  path: string,
  keys: readonly string[],
): <Value>(key: string, spelling: Spelling<Value>) => Limit<Value> | undefined {
  const fields = read.map(value, path, keys);
  return (key, spelling) => writtenAt(read, fields.get(key)?.value, `${path}.${key}`, spelling);
}

const messageOf = (read: TreeReader, value: Located, path: string): string | undefined =>
  value.kind === 'map'
    ? read.text(value.entries.get('message')?.value, `${path}.message`)
    : undefined;

/** Decodes limits of a whole; `undefined` where there are none. */
function decodeCostLimits(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): CostLimits | undefined {
  if (value === undefined) return undefined;
  return costLimits(read, value, path, limitReader(read, value, path, COST_KEYS));
}

function costLimits(
  read: TreeReader,
  value: Located,
  path: string,
  limit: ReturnType<typeof limitReader>,
): CostLimits {
  return knownFields({
    maxIncreaseUsd: limit('max_increase_usd', USD_A_MONTH),
    maxIncreasePercent: limit('max_increase_pct', PERCENTAGE),
    maxUsd: limit('max_usd', USD_A_MONTH),
    minEffectUsd: limit('min_effect_usd', USD_A_MONTH),
    message: messageOf(read, value, path),
  });
}

const PROMPT_KEYS = [...COST_KEYS, 'max_increase_tokens', 'max_tokens', 'max_usd_per_call_p95'];

/** Decodes limits of one prompt; `undefined` where there are none. */
export function decodePromptLimits(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): PromptLimits | undefined {
  if (value === undefined) return undefined;
  const limit = limitReader(read, value, path, PROMPT_KEYS);
  return {
    ...costLimits(read, value, path, limit),
    ...knownFields({
      maxIncreaseTokens: limit('max_increase_tokens', TOKENS),
      maxTokens: limit('max_tokens', TOKENS),
      maxUsdPerCallP95: limit('max_usd_per_call_p95', USD_A_CALL),
    }),
  };
}

const NEW_KEYS = ['max_usd', 'max_tokens', 'max_usd_per_call_p95', 'require', 'message'];

function newPromptAt(read: TreeReader, value: Located | undefined): NewPromptLimits | undefined {
  if (value === undefined) return undefined;
  const path = 'gate.new_prompt';
  const limit = limitReader(read, value, path, NEW_KEYS);
  const require = value.kind === 'map' ? value.entries.get('require')?.value : undefined;
  return {
    require: { value: requirablesOf(read, require, path), origin: require?.origin ?? value.origin },
    ...knownFields({
      maxUsd: limit('max_usd', USD_A_MONTH),
      maxTokens: limit('max_tokens', TOKENS),
      maxUsdPerCallP95: limit('max_usd_per_call_p95', USD_A_CALL),
      message: messageOf(read, value, path),
    }),
  };
}

function requirablesOf(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Requirable[] {
  return read.texts(value, `${path}.require`).flatMap((name) => {
    const known = REQUIRABLE.find((each) => each === name);
    if (known === undefined && value !== undefined)
      read.error(
        value.origin,
        `${path}.require: expected some of ${REQUIRABLE.join(', ')}, found "${name}"`,
      );
    return known ?? [];
  });
}

import { knownFields } from '../domain/known-fields.ts';
import type { PricesPlan, ProjectSettings } from '../domain/project-settings.ts';
import type { Written } from '../domain/prompt-plan.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { UserError } from '../errors.ts';
import { deploymentsOf } from './deployments-map.ts';
import { gateAt, NO_GATE } from './gate-policy-file.ts';
import { wordAt } from './overlay-values.ts';
import { TEXT, writtenAt } from './plan-values.ts';
import { defaultsAt, entriesAt, workspacesAt } from './prompt-plan-file.ts';
import { SETTINGS_KEYS } from './settings-keys.ts';
import { anyPathsAt, treePathAt } from './tree-paths.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

/** What holds for a tree without aicost.yaml. */
export const NO_PROJECT: ProjectSettings = {
  file: undefined,
  plan: { defaults: {}, workspaces: [], entries: [] },
  gate: NO_GATE,
  policySource: 'base',
  rates: [],
  deployments: new Map(),
};

/**
 * Decodes the text of aicost.yaml for prompts and their gate. `shown` names the file in errors, `folder` is where
 * it stands in its tree, '' for the root: its paths are relative to it. Throws UserError, located, at the first
 * problem, and says how many more there are.
 */
export function decodeProject(text: string, shown: string, folder: string): ProjectSettings {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, shown);
  const nothing = tree.kind === 'scalar' && tree.text === '';
  const fields = read.map(nothing ? undefined : tree, '', SETTINGS_KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const version = read.text(at('version'), 'version');
  if (version !== undefined && version !== '1')
    read.error(at('version')?.origin ?? tree.origin, `version: expected 1, found "${version}"`);
  const workspaces = workspacesAt(read, at('workspaces'), folder);
  const settings: ProjectSettings = {
    file: shown,
    plan: {
      defaults: defaultsAt(read, at('defaults'), at('images')),
      workspaces,
      entries: entriesAt(read, at('prompts'), folder),
    },
    gate: gateAt(read, at('gate'), workspaces),
    policySource: wordAt(read, at('policy_source'), 'policy_source', ['base', 'head']),
    rates: anyPathsAt(read, at('rates'), 'rates', folder),
    deployments: deploymentsOf(read, at('deployments')),
    ...knownFields({
      prices: pricesAt(read, at('prices'), folder),
      countingRules: dayAt(
        read,
        read.map(at('rules'), 'rules', ['counting']).get('counting')?.value,
        'rules.counting',
      ),
      base: writtenAt(read, at('base'), 'base', TEXT),
    }),
  };
  throwFirst(problems);
  return settings;
}

/** Throws the first problem as a UserError that says how many more there are. */
export function throwFirst(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length - 1;
  throw new UserError(first.message, {
    origin: first.origin,
    ...(more === 0
      ? {}
      : {
          hint: `There ${more === 1 ? 'is 1 more problem' : `are ${more} more problems`} in this file.`,
        }),
  });
}

/** Decodes `prices: {snapshot}` or `prices: {bundled}`. */
function pricesAt(
  read: TreeReader,
  value: Located | undefined,
  folder: string,
): PricesPlan | undefined {
  if (value === undefined) return undefined;
  const fields = read.map(value, 'prices', ['snapshot', 'bundled']);
  const snapshot = treePathAt(read, fields.get('snapshot')?.value, 'prices.snapshot', folder);
  const day = dayAt(read, fields.get('bundled')?.value, 'prices.bundled');
  if (fields.has('snapshot') && fields.has('bundled'))
    read.error(value.origin, 'prices: expected snapshot or bundled, found both');
  if (snapshot !== undefined) return { kind: 'snapshot', path: snapshot };
  return day === undefined ? undefined : { kind: 'bundled', day };
}

function dayAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Written<string> | undefined {
  return writtenAt(read, value, path, {
    parse: (text) => (text.length === 10 && parseUtcTime(text) !== undefined ? text : undefined),
    expected: 'a day like 2026-11-15',
  });
}

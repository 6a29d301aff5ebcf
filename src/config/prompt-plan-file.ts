import { knownFields } from '../domain/known-fields.ts';
import type { PromptDefaults, PromptEntry, Workspace, Written } from '../domain/prompt-plan.ts';
import { providerName } from '../domain/provider-names.ts';
import { decodePromptLimits } from './gate-policy-file.ts';
import { TEXT, TOKENS, writtenAt } from './plan-values.ts';
import { treePathAt, treePatternAt, warnOfPattern } from './tree-paths.ts';
import { cacheAt, outputAt, turnsAt, volumeAt } from './usage-plan.ts';
import { casesAt, variablesAt } from './variable-plan.ts';
import type { Entry, Located, TreeReader } from './yaml-tree.ts';

/** Template languages that `engine:` may name, in the words of prompt formats. */
const ENGINES = ['none', 'fstring', 'mustache', 'handlebars', 'jinja'];

const ENTRY_KEYS = [
  'id',
  'path',
  'glob',
  'provider',
  'model',
  'engine',
  'role',
  'calls_per_month',
  'turns',
  'vars',
  'cases',
  'output_tokens',
  'cache',
  'tools_file',
  'tools_tokens',
  'owner',
  'budget',
];

/** Decodes `prompts:`. Two entries with one id are an error. */
export function entriesAt(
  read: TreeReader,
  value: Located | undefined,
  folder: string,
): readonly PromptEntry[] {
  const entries = read
    .list(value, 'prompts')
    .flatMap((item, index) => entryAt(read, item, `prompts[${index}]`, folder) ?? []);
  const ids = new Map<string, Written<string>>();
  for (const { id } of entries) {
    const before = id === undefined ? undefined : ids.get(id.value);
    if (id === undefined) continue;
    if (before === undefined) ids.set(id.value, id);
    // A pattern gives every file an id of its own.
    else if (!id.value.includes('{path}'))
      read.error(
        id.origin,
        `id "${id.value}" stands in line ${before.origin.line ?? 1} already; give each prompt an id of its own`,
      );
  }
  return entries;
}

function entryAt(
  read: TreeReader,
  item: Located,
  where: string,
  folder: string,
): PromptEntry | undefined {
  const fields = read.map(item, where, ENTRY_KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const files = filesOf(read, fields, item, where, folder);
  const said = {
    id: writtenAt(read, at('id'), `${where}.id`, TEXT),
    ...servedBy(read, fields, where),
    callsPerMonth: volumeAt(read, at('calls_per_month'), `${where}.calls_per_month`),
    turns: turnsAt(read, at('turns'), `${where}.turns`),
    output: outputAt(read, at('output_tokens'), `${where}.output_tokens`),
    cache: cacheAt(read, at('cache'), `${where}.cache`),
    toolsFile: treePathAt(read, at('tools_file'), `${where}.tools_file`, folder),
    toolsTokens: writtenAt(read, at('tools_tokens'), `${where}.tools_tokens`, TOKENS),
    owner: read.text(at('owner'), `${where}.owner`),
    budget: decodePromptLimits(read, at('budget'), `${where}.budget`),
  };
  const variables = variablesAt(read, at('vars'), `${where}.vars`, folder);
  const cases = casesAt(read, at('cases'), `${where}.cases`, folder);
  if (files === undefined) return undefined;
  return { origin: item.origin, files, variables, cases, ...knownFields(said) };
}

/** The file or the files that an entry speaks of. */
function filesOf(
  read: TreeReader,
  fields: ReadonlyMap<string, Entry>,
  item: Located,
  where: string,
  folder: string,
): PromptEntry['files'] | undefined {
  if (item.kind !== 'map') return undefined;
  const [path, glob] = [fields.get('path')?.value, fields.get('glob')?.value];
  if ((path === undefined) === (glob === undefined))
    read.error(
      item.origin,
      `${where}: expected path or glob, found ${path === undefined ? 'neither' : 'both'}`,
    );
  if (glob !== undefined) {
    const pattern = treePatternAt(read, glob, `${where}.glob`, folder);
    return pattern === undefined ? undefined : { ...pattern, pattern: true };
  }
  const file = treePathAt(read, path, `${where}.path`, folder);
  if (file === undefined) return undefined;
  warnOfPattern(read, file, `${where}.path`);
  return { ...file, pattern: false };
}

/** What an entry, or `defaults`, says of the model and of how a text is read. */
function servedBy(read: TreeReader, fields: ReadonlyMap<string, Entry>, where: string) {
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const provider = read.text(at('provider'), `${where}.provider`);
  return {
    provider: provider === undefined ? undefined : providerName(provider),
    model: writtenAt(read, at('model'), `${where}.model`, TEXT),
    engine: writtenAt(read, at('engine'), `${where}.engine`, {
      parse: (text) => ENGINES.find((engine) => engine === text),
      expected: `one of ${ENGINES.join(', ')}`,
    })?.value,
    role: writtenAt(read, at('role'), `${where}.role`, {
      parse: (text) => (/^[a-z_]{1,20}$/.test(text) ? text : undefined),
      expected: 'a role like system or user',
    })?.value,
  };
}

const DEFAULT_KEYS = [
  'calls_per_month',
  'output_tokens',
  'cache',
  'provider',
  'model',
  'engine',
  'role',
];

/** Decodes `defaults:` and `images:`. */
export function defaultsAt(
  read: TreeReader,
  value: Located | undefined,
  images: Located | undefined,
): PromptDefaults {
  const fields = read.map(value, 'defaults', DEFAULT_KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  return knownFields({
    ...servedBy(read, fields, 'defaults'),
    callsPerMonth: volumeAt(read, at('calls_per_month'), 'defaults.calls_per_month'),
    output: outputAt(read, at('output_tokens'), 'defaults.output_tokens'),
    cache: cacheAt(read, at('cache'), 'defaults.cache'),
    image: imageAt(read, images),
  });
}

function imageAt(read: TreeReader, value: Located | undefined): PromptDefaults['image'] {
  const size = read.map(value, 'images', ['default']).get('default')?.value;
  if (size === undefined) return undefined;
  const fields = read.map(size, 'images.default', ['width', 'height']);
  const side = (key: string): number | undefined =>
    writtenAt(read, fields.get(key)?.value, `images.default.${key}`, {
      parse: (text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined),
      expected: 'pixels like 1024',
    })?.value;
  const [width, height] = [side('width'), side('height')];
  for (const key of ['width', 'height'])
    if (!fields.has(key)) read.error(size.origin, `images.default: missing key "${key}"`);
  return width === undefined || height === undefined
    ? undefined
    : { value: { width, height }, origin: size.origin };
}

/** Decodes `workspaces:`, the pattern of each by its name. */
export function workspacesAt(
  read: TreeReader,
  value: Located | undefined,
  folder: string,
): readonly Workspace[] {
  return [...read.map(value, 'workspaces').values()].flatMap(({ key, keyOrigin, value: cell }) => {
    const pattern = treePatternAt(read, cell, `workspaces.${key}`, folder);
    return pattern === undefined ? [] : [{ name: key, glob: pattern.value, origin: keyOrigin }];
  });
}

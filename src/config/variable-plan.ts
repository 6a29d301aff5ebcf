import { knownFields } from '../domain/known-fields.ts';
import type { CasePlan, PlainValue, VariablePlan } from '../domain/prompt-plan.ts';
import { TEXT, TOKENS, WEIGHT, writtenAt } from './plan-values.ts';
import { treePathAt } from './tree-paths.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

const SIZES = ['tokens', 'mean', 'p50', 'p95'];

/** Decodes `vars`: a text, or one of `{value}`, `{file}`, `{tokens}` and `{p50, p95, mean}`, each with `constant`. */
export function variablesAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  folder: string,
): ReadonlyMap<string, VariablePlan> {
  const variables = new Map<string, VariablePlan>();
  for (const { key, value: cell } of read.map(value, path).values()) {
    const variable = variableAt(read, cell, `${path}.${key}`, folder);
    if (variable !== undefined) variables.set(key, variable);
  }
  return variables;
}

function variableAt(
  read: TreeReader,
  cell: Located,
  path: string,
  folder: string,
): VariablePlan | undefined {
  const { origin } = cell;
  if (cell.kind !== 'map') {
    const size =
      cell.kind === 'scalar' && / ?tokens?$/.test(cell.text) ? TOKENS.parse(cell.text) : undefined;
    return size === undefined
      ? { origin, content: { kind: 'value', value: plainValue(cell) }, constant: false }
      : { origin, content: { kind: 'tokens', mean: size }, constant: false };
  }
  const fields = read.map(cell, path, ['value', 'file', ...SIZES, 'constant']);
  const constant = read.flag(fields.get('constant')?.value, `${path}.constant`);
  const said = [
    fields.has('value') ? 'value' : '',
    fields.has('file') ? 'file' : '',
    SIZES.some((key) => fields.has(key)) ? 'sizes' : '',
  ].filter((kind) => kind !== '');
  if (said.length !== 1) {
    read.error(
      origin,
      `${path}: expected one of value, file and sizes in tokens (mean, p50, p95), found ${said.join(' and ') || 'none'}`,
    );
    return undefined;
  }
  const value = fields.get('value')?.value;
  if (value !== undefined)
    return { origin, content: { kind: 'value', value: plainValue(value) }, constant };
  if (fields.has('file')) {
    const file = treePathAt(read, fields.get('file')?.value, `${path}.file`, folder);
    return file === undefined
      ? undefined
      : { origin, content: { kind: 'file', path: file.value }, constant };
  }
  const size = sizeOf(read, cell, path);
  return size === undefined ? undefined : { origin, content: size, constant };
}

function sizeOf(
  read: TreeReader,
  cell: Extract<Located, { kind: 'map' }>,
  path: string,
): Extract<VariablePlan['content'], { kind: 'tokens' }> | undefined {
  const at = (key: string): number | undefined =>
    writtenAt(read, cell.entries.get(key)?.value, `${path}.${key}`, TOKENS)?.value;
  const [tokens, mean, p50, p95] = [at('tokens'), at('mean'), at('p50'), at('p95')];
  if (p50 !== undefined && p95 !== undefined && p95 < p50)
    read.error(cell.origin, `${path}: p95 ${p95} is less than p50 ${p50}`);
  // The middle of a skewed size is below its mean, but it is what is known; p95 alone errs to the dear side.
  const typical = mean ?? tokens ?? p50 ?? p95;
  return typical === undefined
    ? undefined
    : { kind: 'tokens', mean: typical, ...knownFields({ p95 }) };
}

/** YAML as data of a template: numbers only where nothing of their text is lost. */
function plainValue(cell: Located): PlainValue {
  switch (cell.kind) {
    case 'list':
      return cell.items.map(plainValue);
    case 'map':
      return new Map([...cell.entries.values()].map(({ key, value }) => [key, plainValue(value)]));
    case 'scalar':
      return cell.quoted === true ? cell.text : plainScalar(cell.text);
  }
}

function plainScalar(text: string): PlainValue {
  if (text === '' || text === 'null' || text === '~') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = /^-?\d/.test(text) ? Number(text) : Number.NaN;
  return String(number) === text ? number : text;
}

/** Decodes `cases`: kinds of calls with their weights and variables. */
export function casesAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  folder: string,
): readonly CasePlan[] {
  if (value?.kind === 'list' && value.items.length === 0)
    read.error(value.origin, `${path}: expected at least one case, found an empty list`);
  return read.list(value, path).flatMap((item, index) => {
    const where = `${path}[${index}]`;
    const fields = read.map(item, where, ['name', 'weight', 'vars']);
    const weight = writtenAt(read, fields.get('weight')?.value, `${where}.weight`, WEIGHT);
    if (!fields.has('weight')) read.error(item.origin, `${where}: missing key "weight"`);
    if (weight === undefined) return [];
    return [
      {
        origin: item.origin,
        weight: weight.value,
        variables: variablesAt(read, fields.get('vars')?.value, `${where}.vars`, folder),
        ...knownFields({
          name: writtenAt(read, fields.get('name')?.value, `${where}.name`, TEXT)?.value,
        }),
      },
    ];
  });
}

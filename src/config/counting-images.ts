import type { ImageFormula, PatchLimits } from '../domain/counting-rules.ts';
import { parseDecimal } from '../domain/money.ts';
import { type RuleFields, neededCount } from './counting-values.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** The keys of an image rule: exactly one of them says how it counts. */
export const IMAGE_KEYS = ['tiles', 'patches', 'grid', 'blocks', 'fixed'] as const;

/** How a rule counts images; `undefined`, reported, when it does not say or says it twice. */
export function imageFormulaOf(read: TreeReader, rule: RuleFields): ImageFormula | undefined {
  const said = IMAGE_KEYS.filter((key) => rule.at(key) !== undefined);
  const [kind] = said;
  const value = kind === undefined ? undefined : rule.at(kind);
  if (kind === undefined || value === undefined || said.length > 1) {
    read.error(rule.origin.origin, `images: needs one of ${IMAGE_KEYS.join(', ')}`);
    return undefined;
  }
  const path = `images.${kind}`;
  const part = (keys: readonly string[]): RuleFields => {
    const fields = read.map(value, path, keys);
    return { origin: value, path, at: (key) => fields.get(key)?.value };
  };
  const counts = <Key extends string>(...keys: readonly Key[]): Record<Key, number> => {
    const fields = part(keys);
    const found = keys.map((key) => [key, positive(read, fields, key)] as const);
    // Every key was asked for, so that every key is there.
    return Object.fromEntries(found) as Record<Key, number>;
  };
  switch (kind) {
    case 'tiles': {
      const { short_side: shortSide, ...rest } = counts(
        'base',
        'tile',
        'fit',
        'short_side',
        'size',
      );
      return { kind, ...rest, shortSide };
    }
    case 'grid':
      return { kind, ...counts('size', 'edge', 'budget') };
    case 'blocks':
      return { kind, ...counts('small', 'size', 'tokens') };
    case 'patches':
      return patchesOf(read, part(['size', 'multiply', 'usual', 'details']));
    case 'fixed': {
      const fields = part(['usual', 'details']);
      const details = detailsOf(read, fields, (detail, where) => read.count(detail, where));
      return { kind, usual: usualOf(read, fields, details), details };
    }
  }
}

function patchesOf(read: TreeReader, fields: RuleFields): ImageFormula {
  const factor = fields.at('multiply');
  const text = read.text(factor, `${fields.path}.multiply`) ?? '';
  const multiply = /^\d+(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
  if (multiply === undefined)
    read.error(
      (factor ?? fields.origin).origin,
      `${fields.path}: expected multiply: a factor like 1.62`,
    );
  const details = detailsOf(read, fields, (detail, where): PatchLimits | undefined => {
    const limits = read.map(detail, where, ['side', 'budget']);
    const budget = read.count(limits.get('budget')?.value, `${where}.budget`);
    const side = read.count(limits.get('side')?.value, `${where}.side`);
    if (side !== undefined) return { side, ...(budget === undefined ? {} : { budget }) };
    read.error(detail.origin, `${where}: needs side:, the longest in pixels`);
    return undefined;
  });
  return {
    kind: 'patches',
    size: positive(read, fields, 'size'),
    multiply: multiply ?? { digits: 1n, scale: 0 },
    usual: usualOf(read, fields, details),
    details,
  };
}

function detailsOf<Value>(
  read: TreeReader,
  { path, at }: RuleFields,
  decode: (value: Located, path: string) => Value | undefined,
): ReadonlyMap<string, Value> {
  return new Map(
    [...read.map(at('details'), `${path}.details`).values()].flatMap(({ key, value }) => {
      const decoded = decode(value, `${path}.details.${key}`);
      return decoded === undefined ? [] : [[key, decoded] as const];
    }),
  );
}

function usualOf(
  read: TreeReader,
  { origin, path, at }: RuleFields,
  details: ReadonlyMap<string, unknown>,
): string {
  const usual = read.text(at('usual'), `${path}.usual`) ?? '';
  if (!details.has(usual))
    read.error(
      (at('usual') ?? origin).origin,
      `${path}: expected usual: one of ${[...details.keys()].join(', ')}, found "${usual}"`,
    );
  return usual;
}

/** A count above 0: sides, sizes and budgets divide. */
function positive(read: TreeReader, fields: RuleFields, key: string): number {
  const found = neededCount(read, fields, key, fields.path);
  if (found > 0) return found;
  if (fields.at(key) !== undefined)
    read.error(fields.origin.origin, `${fields.path}.${key}: expected a number above 0`);
  return 1;
}

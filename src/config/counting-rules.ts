import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type CountingRules,
  PIECE_CLASSES,
  type PieceClass,
  type PieceWeight,
  type ScriptRule,
  type TextRule,
} from '../domain/counting-rules.ts';
import { parseDecimal } from '../domain/money.ts';
import { nearest } from '../domain/nearest.ts';
import { UserError } from '../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { dateAt } from './card-values.ts';
import { IMAGE_KEYS, imageFormulaOf } from './counting-images.ts';
import {
  bandAt,
  type Declared,
  neededCount,
  numberAt,
  oneOf,
  type RuleFields,
  rulesAt,
  scopeOf,
} from './counting-values.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

const SHIPPED = fileURLToPath(new URL('rates/counting.yaml', PACKAGE_ROOT));

const KEYS = [
  'counting_rules',
  'as_of',
  'sources',
  'groups',
  'weights',
  'text',
  'frames',
  'tools',
  'schemas',
  'images',
  'cache_steps',
];

type Weights = ReadonlyMap<PieceClass, PieceWeight>;

/** The rules of counting that ship with aicost. Throws UserError, located, should they be broken. */
export const shippedCountingRules = (): CountingRules =>
  decodeCountingRules(readFileSync(SHIPPED, 'utf8'), 'rates/counting.yaml');

/** Decodes rules of counting. Throws UserError, located, at the first problem. */
export function decodeCountingRules(text: string, file: string): CountingRules {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, file);
  const top = read.map(tree, '', KEYS);
  const at = (key: string): Located | undefined => top.get(key)?.value;
  if (read.text(at('counting_rules'), 'counting_rules') !== '1')
    read.error(
      at('counting_rules')?.origin ?? tree.origin,
      'missing or unknown version; write "counting_rules: 1"',
    );
  const asOf = dateAt(read, at('as_of'), 'as_of');
  if (at('as_of') === undefined)
    read.error(tree.origin, 'missing key "as_of", the day of the last check');
  const declared: Declared = {
    sources: read.map(at('sources'), 'sources'),
    groups: groupsOf(read, at('groups')),
  };
  const rules = {
    asOf: asOf?.text ?? '',
    text: textRulesOf(read, at('text'), declared, weightsOf(read, at('weights'))),
    ...smallerRulesOf(read, at, declared),
  };
  const [first] = problems;
  if (first !== undefined) throw new UserError(first.message, { origin: first.origin });
  return rules;
}

const groupsOf = (
  read: TreeReader,
  value: Located | undefined,
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...read.map(value, 'groups').values()].map(({ key, value: members }) => [
      key,
      read.texts(members, `groups.${key}`).map((name) => name.toLowerCase()),
    ]),
  );

/** Weights of pieces by the name of their table: three numbers a class, per token, piece and character. */
function weightsOf(read: TreeReader, value: Located | undefined): ReadonlyMap<string, Weights> {
  const tables = [...read.map(value, 'weights').values()].map(({ key, value: rows }) => {
    const weights = new Map<PieceClass, PieceWeight>();
    for (const row of read.map(rows, `weights.${key}`, PIECE_CLASSES).values()) {
      const name = PIECE_CLASSES.find((known) => known === row.key);
      const path = `weights.${key}.${row.key}`;
      const [perToken, perPiece, perCharacter, ...more] = read
        .list(row.value, path)
        .map((cell) => numberAt(read, cell, path));
      if (perToken === undefined || perPiece === undefined || perCharacter === undefined || more[0])
        read.error(row.keyOrigin, `${path}: expected three numbers: per token, piece, character`);
      else if (name !== undefined) weights.set(name, { perToken, perPiece, perCharacter });
    }
    return [key, weights] as const;
  });
  return new Map(tables);
}

function textRulesOf(
  read: TreeReader,
  value: Located | undefined,
  declared: Declared,
  tables: ReadonlyMap<string, Weights>,
): readonly TextRule[] {
  const keys = ['family', 'encoding', 'multiply', 'weights', 'flat', 'scripts'];
  return rulesAt(read, value, 'text', keys).map((rule) => {
    const scope = scopeOf(read, rule, declared);
    const encoding = read.text(rule.at('encoding'), 'text.encoding');
    const family = read.text(rule.at('family'), 'text.family');
    if (encoding === undefined || family === undefined)
      read.error(rule.origin.origin, 'text: needs family: and encoding:');
    const named = read.text(rule.at('weights'), 'text.weights');
    const weights = named === undefined ? undefined : tables.get(named);
    if (named !== undefined && weights === undefined)
      read.error(
        rule.at('weights')?.origin ?? rule.origin.origin,
        `text.weights: ${noneNamed(named, tables)}`,
      );
    return {
      ...scope,
      family: family ?? '',
      encoding: encoding ?? '',
      multiply: numberAt(read, rule.at('multiply'), 'text.multiply') ?? 1,
      ...(weights === undefined ? {} : { weights }),
      ...flatOf(read, rule),
      scripts: scriptsOf(read, rule),
    };
  });
}

/** `flat: {multiply: 1.185, band: {below: 11, above: 10}}`; what-ifs multiply money by it, so it is read from its own text. */
function flatOf(read: TreeReader, rule: RuleFields): Pick<TextRule, 'flat'> {
  const value = rule.at('flat');
  if (value === undefined) return {};
  const fields = read.map(value, 'text.flat', ['multiply', 'band']);
  const text = read.text(fields.get('multiply')?.value, 'text.flat.multiply') ?? '';
  const multiply = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
  const band = bandAt(read, fields.get('band')?.value, 'text.flat.band');
  if (multiply !== undefined && multiply.digits > 0n && band !== undefined)
    return { flat: { multiply, band } };
  read.error(value.origin, 'text.flat: needs multiply:, a factor like 1.185, and band:');
  return {};
}

function noneNamed(name: string, tables: ReadonlyMap<string, unknown>): string {
  const close = nearest(name, tables.keys());
  return `no table "${name}" under weights${close === undefined ? '' : `; did you mean "${close}"?`}`;
}

const scriptsOf = (read: TreeReader, rule: RuleFields): readonly ScriptRule[] =>
  read.list(rule.at('scripts'), 'text.scripts').map((item) => {
    const path = 'text.scripts';
    const fields = read.map(item, path, ['classes', 'encoding', 'multiply', 'band']);
    const at = (key: string): Located | undefined => fields.get(key)?.value;
    const classes = read.texts(at('classes'), `${path}.classes`).flatMap((name) => {
      const found = PIECE_CLASSES.find((known) => known === name);
      if (found !== undefined) return [found];
      const close = nearest(name, PIECE_CLASSES);
      const mend = close === undefined ? '' : `; did you mean "${close}"?`;
      read.error(
        (at('classes') ?? item).origin,
        `${path}.classes: no class of pieces "${name}"${mend}`,
      );
      return [];
    });
    const encoding = read.text(at('encoding'), `${path}.encoding`);
    const multiply = numberAt(read, at('multiply'), `${path}.multiply`);
    const band = bandAt(read, at('band'), `${path}.band`);
    return {
      classes,
      ...(encoding === undefined ? {} : { encoding }),
      ...(multiply === undefined ? {} : { multiply }),
      ...(band === undefined ? {} : { band }),
    };
  });

/** The rules of everything but text. */
function smallerRulesOf(
  read: TreeReader,
  at: (key: string) => Located | undefined,
  declared: Declared,
): Omit<CountingRules, 'asOf' | 'text'> {
  const count = (rule: RuleFields, key: string): number =>
    read.count(rule.at(key), `${rule.path}.${key}`) ?? 0;
  const frameKeys = ['per_message', 'per_name', 'reply', 'counts_roles'];
  const toolKeys = [
    'rendering',
    'once',
    'once_forced',
    'less_with_system',
    'choice_none',
    'counts_forced_name',
  ];
  return {
    frames: rulesAt(read, at('frames'), 'frames', frameKeys).map((rule) => ({
      ...scopeOf(read, rule, declared),
      perMessage: neededCount(read, rule, 'per_message', 'frames'),
      perName: count(rule, 'per_name'),
      reply: neededCount(read, rule, 'reply', 'frames'),
      countsRoles: read.flag(rule.at('counts_roles'), 'frames.counts_roles'),
    })),
    tools: rulesAt(read, at('tools'), 'tools', toolKeys).map((rule) => ({
      ...scopeOf(read, rule, declared),
      rendering: oneOf(read, rule, 'rendering', ['namespace', 'json'], 'tools'),
      once: neededCount(read, rule, 'once', 'tools'),
      onceForced: count(rule, rule.at('once_forced') === undefined ? 'once' : 'once_forced'),
      lessWithSystem: count(rule, 'less_with_system'),
      choiceNone: count(rule, 'choice_none'),
      countsForcedName: read.flag(rule.at('counts_forced_name'), 'tools.counts_forced_name'),
    })),
    schemas: rulesAt(read, at('schemas'), 'schemas', ['rendering']).map((rule) => ({
      ...scopeOf(read, rule, declared),
      rendering: oneOf(read, rule, 'rendering', ['section', 'json'], 'schemas'),
    })),
    images: rulesAt(read, at('images'), 'images', IMAGE_KEYS).flatMap((rule) => {
      const scope = scopeOf(read, rule, declared);
      const formula = imageFormulaOf(read, rule);
      return formula === undefined ? [] : [{ ...scope, formula }];
    }),
    cacheSteps: rulesAt(read, at('cache_steps'), 'cache_steps', ['step']).map((rule) => ({
      ...scopeOf(read, rule, declared),
      step: Math.max(1, neededCount(read, rule, 'step', 'cache_steps')),
    })),
  };
}

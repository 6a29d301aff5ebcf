import type { Declaration } from './declarations.ts';
import {
  type Declared,
  PRIMITIVES,
  membersOf,
  reaches,
  resolved,
  usedNames,
} from './type-names.ts';
import type { BamlType } from './type-grammar.ts';

/** What a prompt may ask for where it prints `ctx.output_format`. */
export interface OutputFormatOptions {
  readonly prefix?: string | null;
  readonly orSplitter?: string;
  readonly enumValuePrefix?: string;
  readonly hoistEnums?: boolean;
}

/** Enums of more values are printed above the schema rather than in it. */
const MOST_INLINE_VALUES = 6;

/** Longest text that is made; nested classes that are not recursive are written out each time. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/**
 * The instructions that BAML prints for a return type: a schema in its own notation, with recursive classes and
 * described enums above it. Written after its documentation (docs.boundaryml.com/ref/prompt-syntax/ctx-output-format)
 * and what its renderer prints (2026-11-22); versions differ in details, so that the count is an estimate.
 */
export function outputFormat(
  type: BamlType,
  declared: Declared,
  options: OutputFormatOptions = {},
): string {
  const used = usedNames(type, declared);
  const recursive = new Set([...used].filter((name) => reaches(name, name, declared)));
  const writing: Writing = { declared, recursive, options, written: 0 };
  const target = resolved(type, declared, recursive);
  const targetName = target.kind === 'name' ? target.name : undefined;
  const declaration = targetName === undefined ? undefined : declared.get(targetName);
  const above = [...used].flatMap((name) =>
    name === targetName && declaration?.kind === 'enum' ? [] : definition(name, writing),
  );
  const prefix =
    options.prefix === undefined ? prefixOf(target, declaration, recursive) : options.prefix;
  const body =
    declaration?.kind === 'enum' ? writeEnum(declaration, writing) : write(target, writing);
  const isText = targetName === 'string' && prefix === undefined;
  return [...above, isText ? '' : `${prefix ?? ''}${body}`]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What writing types of one schema shares. */
interface Writing {
  readonly declared: Declared;
  readonly recursive: ReadonlySet<string>;
  readonly options: OutputFormatOptions;
  /** Characters so far, those of types inside of others counted again. */
  written: number;
}

type ClassDeclaration = Declaration & { readonly kind: 'class' };
type EnumDeclaration = Declaration & { readonly kind: 'enum' };

/** What stands above the schema for a name: a recursive class or alias, an enum that is not written in place. */
function definition(name: string, writing: Writing): readonly string[] {
  const declaration = writing.declared.get(name);
  if (declaration?.kind === 'enum')
    return isHoisted(declaration, writing) ? [writeEnum(declaration, writing)] : [];
  if (!writing.recursive.has(name)) return [];
  if (declaration?.kind === 'class') return [`${name} ${writeClass(declaration, writing)}`];
  return declaration?.kind === 'alias' ? [`${name} = ${write(declaration.type, writing)}`] : [];
}

const isHoisted = ({ values }: EnumDeclaration, { options }: Writing): boolean =>
  options.hoistEnums === true ||
  values.length > MOST_INLINE_VALUES ||
  values.some(({ description }) => description !== undefined);

/** A type in place. Nothing once the schema is longer than any prompt: classes may double it at every level. */
function write(type: BamlType, writing: Writing): string {
  if (writing.written > MOST_CHARACTERS) return '';
  const text = writeUncapped(type, writing);
  writing.written += text.length;
  return text;
}

function writeUncapped(type: BamlType, writing: Writing): string {
  const { orSplitter = ' or ' } = writing.options;
  switch (type.kind) {
    case 'literal':
      return type.text;
    case 'map':
      return `map<${write(type.key, writing)}, ${write(type.value, writing)}>`;
    case 'union':
      return membersOf(type)
        .map((member) => write(member, writing))
        .join(orSplitter);
    case 'list':
      return writeList(type.item, writing);
    case 'name':
      return writeName(type.name, orSplitter, writing);
  }
}

function writeName(name: string, orSplitter: string, writing: Writing): string {
  const declaration = writing.declared.get(name);
  if (declaration === undefined || writing.recursive.has(name)) return name;
  if (declaration.kind === 'class') return writeClass(declaration, writing);
  if (declaration.kind === 'alias') return write(declaration.type, writing);
  if (declaration.kind !== 'enum') return name;
  return isHoisted(declaration, writing)
    ? (declaration.attributes.alias ?? name)
    : valuesOf(declaration)
        .map((value) => `'${value.alias ?? value.name}'`)
        .join(orSplitter);
}

function writeList(item: BamlType, writing: Writing): string {
  const { declared, recursive } = writing;
  const text = write(item, writing);
  const target = resolved(item, declared, recursive);
  const isShortEnum =
    target.kind === 'name' && declared.get(target.name)?.kind === 'enum' && text.length <= 15;
  const isName =
    target.kind === 'name' && (PRIMITIVES.has(target.name) || recursive.has(target.name));
  if (isName || isShortEnum) return `${text}[]`;
  const isMixed =
    target.kind === 'union' &&
    membersOf(target).some((member) => member.kind === 'name' && PRIMITIVES.has(member.name));
  return isMixed ? `(${text})[]` : `[\n  ${text.replaceAll('\n', '\n  ')}\n]`;
}

function writeClass({ fields, attributes }: ClassDeclaration, writing: Writing): string {
  const description = attributes.description?.trim() ?? '';
  const remark = description.split('\n').map((line) => `  // ${line}`);
  const lines = fields
    .filter(({ skip }) => skip !== true)
    .flatMap((field) => [
      ...(field.description === undefined
        ? []
        : [`  // ${field.description.replaceAll('\n', '\n  // ')}`]),
      `  ${field.alias ?? field.name}: ${write(field.type, writing).replaceAll('\n', '\n  ')},`,
    ]);
  return ['{', ...(description === '' ? [] : [...remark, '']), ...lines, '}'].join('\n');
}

function writeEnum(declaration: EnumDeclaration, { options }: Writing): string {
  const { enumValuePrefix = '- ' } = options;
  const lines = valuesOf(declaration).map(({ name, alias = name, description }) =>
    description === undefined
      ? `${enumValuePrefix}${alias}`
      : `${enumValuePrefix}${alias}: ${description.replaceAll('\n', '\n  ')}`,
  );
  return [declaration.attributes.alias ?? declaration.name, '----', ...lines].join('\n');
}

const valuesOf = ({ values }: EnumDeclaration) => values.filter(({ skip }) => skip !== true);

/** The sentence before the schema; `undefined` for text, which needs none. */
function prefixOf(
  type: BamlType,
  declaration: Declaration | undefined,
  recursive: ReadonlySet<string>,
): string | undefined {
  switch (type.kind) {
    case 'literal':
      return 'Answer using this specific value:\n';
    case 'list':
      return 'Answer with a JSON Array using this schema:\n';
    case 'map':
      return 'Answer in JSON using this schema:\n';
    case 'union':
      return membersOf(type).filter((member) => member.kind !== 'name' || member.name !== 'null')
        .length > 1
        ? 'Answer in JSON using any of these schemas:\n'
        : 'Answer in JSON using this schema:\n';
    case 'name':
      if (type.name === 'string') return undefined;
      if (PRIMITIVES.has(type.name)) return `Answer as ${type.name === 'int' ? 'an' : 'a'} `;
      if (declaration?.kind === 'enum') return 'Answer with any of the categories:\n';
      return `Answer in JSON using this schema:${recursive.has(type.name) ? ' ' : '\n'}`;
  }
}

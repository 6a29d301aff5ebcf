import type { Declaration } from './declarations.ts';
import type { BamlType } from './type-grammar.ts';

/** Declarations of all files by name. */
export type Declared = ReadonlyMap<string, Declaration>;

/** Types that no file declares. */
export const PRIMITIVES: ReadonlySet<string> = new Set(['string', 'int', 'float', 'bool', 'null']);

/** Names of the classes, enums and aliases that a type leads to, in the order they are met. */
export function usedNames(type: BamlType, declared: Declared): ReadonlySet<string> {
  const used = new Set<string>();
  for (const name of namesIn(type)) if (declared.has(name)) used.add(name);
  for (const name of used)
    for (const next of typesOf(declared.get(name)).flatMap(namesIn))
      if (declared.has(next)) used.add(next);
  return used;
}

/** Names that a type leads to and that no file declares. */
export function undeclaredNames(type: BamlType, declared: Declared): readonly string[] {
  const all = [
    type,
    ...[...usedNames(type, declared)].flatMap((name) => typesOf(declared.get(name))),
  ];
  const names = new Set(all.flatMap(namesIn));
  return [...names].filter((name) => !declared.has(name) && !PRIMITIVES.has(name));
}

/** Names that a type leads to and that code adds members to while it runs. */
export const dynamicNames = (type: BamlType, declared: Declared): readonly string[] =>
  [...usedNames(type, declared)].filter((name) => {
    const found = declared.get(name);
    return (found?.kind === 'class' || found?.kind === 'enum') && found.attributes.dynamic === true;
  });

/** Whether a declaration leads to another by way of its types. */
export function reaches(from: string, to: string, declared: Declared): boolean {
  const seen = new Set(typesOf(declared.get(from)).flatMap(namesIn));
  for (const name of seen) {
    if (name === to) return true;
    for (const next of typesOf(declared.get(name)).flatMap(namesIn)) seen.add(next);
  }
  return false;
}

function typesOf(declaration: Declaration | undefined): readonly BamlType[] {
  if (declaration?.kind === 'class')
    return declaration.fields.filter(({ skip }) => skip !== true).map(({ type }) => type);
  return declaration?.kind === 'alias' ? [declaration.type] : [];
}

function namesIn(type: BamlType): readonly string[] {
  switch (type.kind) {
    case 'name':
      return [type.name];
    case 'literal':
      return [];
    case 'list':
      return namesIn(type.item);
    case 'map':
      return [...namesIn(type.key), ...namesIn(type.value)];
    case 'union':
      return type.items.flatMap(namesIn);
  }
}

/** A type with the aliases before it followed. */
export function resolved(
  type: BamlType,
  declared: Declared,
  recursive: ReadonlySet<string>,
): BamlType {
  if (type.kind !== 'name' || recursive.has(type.name)) return type;
  const declaration = declared.get(type.name);
  return declaration?.kind === 'alias' ? resolved(declaration.type, declared, recursive) : type;
}

/** What a union may be, unions inside of it taken apart; `null` comes last, once. */
export function membersOf(type: BamlType): readonly BamlType[] {
  const all = type.kind === 'union' ? type.items.flatMap(membersOf) : [type];
  const isNull = (member: BamlType): boolean => member.kind === 'name' && member.name === 'null';
  return [...all.filter((member) => !isNull(member)), ...all.filter(isNull).slice(0, 1)];
}

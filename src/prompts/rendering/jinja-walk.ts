import type { Arguments, Block, Expression, Statement } from './jinja-syntax.ts';

/** Names that a template uses and does not set itself, in the order it mentions them. Names that Jinja gives are left out. */
export function freeNames(block: Block, given: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  walkBlock(block, { names: new Set(given) }, found);
  return found;
}

/** Names that are set at a place of a template, and those of what is around it. */
interface Scope {
  readonly names: Set<string>;
  readonly outer?: Scope;
}

const knows = (scope: Scope | undefined, name: string): boolean =>
  scope !== undefined && (scope.names.has(name) || knows(scope.outer, name));

/** A place where a template asks for another, by one of these names. */
export interface IncludePlace {
  readonly at: number;
  /** None where a value names it. */
  readonly names: readonly string[];
  /** Nothing is missing where it is not there. */
  readonly mayMiss: boolean;
}

/** Every `include`, `import` and `from`. */
export function includesOf(block: Block): readonly IncludePlace[] {
  const places: IncludePlace[] = [];
  const visit = (inside: Block): void => {
    for (const statement of inside) {
      if (statement.kind === 'include' || statement.kind === 'import')
        places.push({
          at: statement.at,
          names: spelledOut(statement.name),
          mayMiss: statement.kind === 'include' && statement.mayMiss,
        });
      for (const body of bodiesOf(statement)) visit(body);
    }
  };
  visit(block);
  return places;
}

/** The texts that an expression may only be: a text, a list of texts, a choice of them. */
function spelledOut(value: Expression): readonly string[] {
  if (value.kind === 'literal') return typeof value.value === 'string' ? [value.value] : [];
  if (value.kind === 'list') return value.items.flatMap(spelledOut);
  if (value.kind !== 'choice') return [];
  return [...spelledOut(value.yes), ...(value.no === undefined ? [] : spelledOut(value.no))];
}

function bodiesOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case 'for':
      return [statement.body, statement.otherwise];
    case 'set':
      return 'kind' in statement.value ? [] : [statement.value];
    case 'with':
    case 'macro':
    case 'call-block':
    case 'filter-block':
    case 'block':
      return [statement.body];
    case 'text':
    case 'print':
    case 'include':
    case 'import':
    case 'do':
    case 'break':
    case 'continue':
      return [];
  }
}

/** `known` holds what is set so far; a name set in one branch counts as set after it, as it may be. */
function walkBlock(block: Block, known: Scope, found: Set<string>): void {
  for (const statement of block) {
    const within: Scope = { names: new Set(namesInside(statement)), outer: known };
    for (const value of expressionsOf(statement)) walkExpression(value, known, found);
    if (statement.kind === 'for' && statement.only !== undefined)
      walkExpression(statement.only, within, found);
    if (statement.kind === 'macro') known.names.add(statement.name);
    const sharesNames = statement.kind === 'if' || statement.kind === 'block';
    for (const body of bodiesOf(statement)) walkBlock(body, sharesNames ? known : within, found);
    for (const name of namesSet(statement)) known.names.add(name);
  }
}

/** Expressions of a statement itself, without its bodies. */
function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'print':
    case 'do':
      return [statement.value];
    case 'if':
      return statement.branches.map(({ condition }) => condition);
    case 'for':
      return [statement.items];
    case 'set':
      return 'kind' in statement.value ? [statement.value] : [];
    case 'with':
      return statement.names.map(([, value]) => value);
    case 'macro':
      return statement.parameters.flatMap(({ fallback }) => fallback ?? []);
    case 'call-block':
      return [statement.call];
    case 'filter-block':
      return argumentsOf(statement.given);
    case 'include':
    case 'import':
      return [statement.name];
    case 'text':
    case 'block':
    case 'break':
    case 'continue':
      return [];
  }
}

/** Names that a statement gives its bodies. */
function namesInside(statement: Statement): readonly string[] {
  if (statement.kind === 'for') return [...statement.names, 'loop'];
  if (statement.kind === 'with') return statement.names.map(([name]) => name);
  if (statement.kind !== 'macro' && statement.kind !== 'call-block') return [];
  return [...statement.parameters.map(({ name }) => name), 'caller', 'varargs', 'kwargs'];
}

/** Names that are set after a statement. */
function namesSet(statement: Statement): readonly string[] {
  if (statement.kind === 'set')
    return statement.targets.flatMap((target) => (target.kind === 'name' ? target.name : []));
  if (statement.kind !== 'import') return [];
  const names = statement.names.map(([, name]) => name);
  return statement.as === undefined ? names : [...names, statement.as];
}

const argumentsOf = ({ plain, named }: Arguments): readonly Expression[] => [
  ...plain,
  ...named.map(([, value]) => value),
];

function walkExpression(value: Expression, known: Scope, found: Set<string>): void {
  if (value.kind === 'name' && !knows(known, value.name)) found.add(value.name);
  for (const part of partsOf(value)) walkExpression(part, known, found);
}

function partsOf(value: Expression): readonly Expression[] {
  switch (value.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
      return value.items;
    case 'map':
      return value.entries.flat();
    case 'member':
      return [value.object, value.key];
    case 'slice':
      return [value.object, value.start, value.stop, value.step].filter(
        (part) => part !== undefined,
      );
    case 'call':
      return [value.callee, ...argumentsOf(value.given)];
    case 'filter':
    case 'test':
      return [value.operand, ...argumentsOf(value.given)];
    case 'unary':
      return [value.operand];
    case 'binary':
      return [value.left, value.right];
    case 'choice':
      return [value.condition, value.yes, value.no].filter((part) => part !== undefined);
  }
}

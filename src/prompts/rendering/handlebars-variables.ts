import type {
  Body,
  Call,
  Expression,
  HandlebarsFile,
  Path,
  Statement,
} from './handlebars-syntax.ts';

/** What names mean at a place of a template. */
interface Scope {
  /** How many contexts a body is inside of: 0 is the top, where names are variables. */
  readonly depth: number;
  /** The file that names its partials. */
  readonly file: string;
  /** Names of block parameters, and of what a partial is given by name. */
  readonly taken: ReadonlySet<string>;
}

/** How the walk learns what is not in the text itself. */
export interface Surroundings {
  /** Whether a name is a helper's. */
  readonly isHelper: (name: string) => boolean;
  /** Another file by the name that one asks for, where there is one. */
  readonly partial: (name: string, from: string) => HandlebarsFile | undefined;
}

/** Names of the partials that a template spells out, other than those it defines itself. */
export function partialNames(body: Body): readonly string[] {
  const called = new Set<string>();
  const own = new Set<string>(['@partial-block']);
  const visit = ({ statements }: Body): void => {
    for (const statement of statements) {
      if (statement.kind === 'partial' && typeof statement.name === 'string')
        called.add(statement.name);
      if (statement.kind === 'inline-partial') own.add(statement.name);
      for (const inside of bodiesOf(statement)) visit(inside);
    }
  };
  visit(body);
  return [...called].filter((name) => !own.has(name));
}

/** Every call of a partial by its name, in the order of the text. */
export function callsOf(
  body: Body,
  name: string,
): readonly (Statement & { readonly kind: 'partial' })[] {
  return body.statements.flatMap((statement) => [
    ...(statement.kind === 'partial' && statement.name === name ? [statement] : []),
    ...bodiesOf(statement).flatMap((inside) => callsOf(inside, name)),
  ]);
}

/** Names of the variables that a template mentions at its top context; what items of a list hold is not among them. */
export function variablesOf(
  { file, body }: HandlebarsFile,
  surroundings: Surroundings,
): ReadonlySet<string> {
  const found = new Set<string>();
  walk(surroundings, found)(body, { depth: 0, file, taken: new Set() });
  return found;
}

function bodiesOf(statement: Statement): readonly Body[] {
  switch (statement.kind) {
    case 'text':
    case 'print':
      return [];
    case 'block':
      return [statement.body, statement.otherwise].filter((body) => body !== undefined);
    case 'partial':
      return statement.block === undefined ? [] : [statement.block];
    case 'inline-partial':
      return [statement.body];
  }
}

/** Helpers whose body has another context than what is around it. */
const CHANGES_CONTEXT = new Set(['each', 'with']);

function walk(surroundings: Surroundings, found: Set<string>): (body: Body, scope: Scope) => void {
  /** Partials seen with the same meaning of names: walked once, so that circles and many calls end. */
  const walked = new Set<string>();
  const path = ({ parts, data, depth, scoped }: Path, scope: Scope): void => {
    const [first, second] = parts;
    if (data) {
      if (first === 'root' && second !== undefined) found.add(second);
    } else if (first !== undefined && depth === scope.depth && (scoped || !scope.taken.has(first)))
      found.add(first);
  };
  const expression = (value: Expression, scope: Scope): void => {
    if (value.kind === 'path') path(value, scope);
    else if (value.kind === 'call') given(value, scope);
  };
  const given = (call: Call, scope: Scope): void => {
    const isVariable = call.plain.length === 0 && call.named.length === 0;
    if (isVariable && !isHelperPath(call.path, surroundings)) path(call.path, scope);
    for (const value of call.plain) expression(value, scope);
    for (const [, value] of call.named) expression(value, scope);
  };
  const partial = (statement: Statement & { kind: 'partial' }, scope: Scope): void => {
    if (typeof statement.name !== 'string') expression(statement.name, scope);
    if (statement.context !== undefined) expression(statement.context, scope);
    for (const [, value] of statement.named) expression(value, scope);
    if (statement.block !== undefined) visit(statement.block, scope);
    if (typeof statement.name !== 'string' || statement.context !== undefined) return;
    const taken = new Set([...scope.taken, ...statement.named.map(([name]) => name)]);
    const key = JSON.stringify([statement.name, scope.file, scope.depth, [...taken].toSorted()]);
    const other = surroundings.partial(statement.name, scope.file);
    if (other === undefined || walked.has(key)) return;
    walked.add(key);
    visit(other.body, { depth: scope.depth, file: other.file, taken });
  };
  const visit = (body: Body, scope: Scope): void => {
    for (const statement of body.statements)
      switch (statement.kind) {
        case 'text':
          break;
        case 'print':
          given(statement.call, scope);
          break;
        case 'block': {
          given(statement.call, scope);
          const { body: inside, otherwise } = statement;
          const deeper = CHANGES_CONTEXT.has(statement.call.path.original) ? 1 : 0;
          const taken = new Set([...scope.taken, ...(inside?.parameters ?? [])]);
          if (inside !== undefined) visit(inside, { ...scope, depth: scope.depth + deeper, taken });
          if (otherwise !== undefined) visit(otherwise, scope);
          break;
        }
        case 'partial':
          partial(statement, scope);
          break;
        case 'inline-partial':
          visit(statement.body, scope);
      }
  };
  return visit;
}

/** Whether a path may name a helper: one plain name. */
const isHelperPath = (
  { parts, depth, data, scoped, original }: Path,
  { isHelper }: Pick<Surroundings, 'isHelper'>,
): boolean => parts.length === 1 && depth === 0 && !data && !scoped && isHelper(original);

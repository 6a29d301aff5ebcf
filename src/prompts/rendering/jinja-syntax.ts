/** Where a node begins: the index of a character in the template. */
interface At {
  readonly at: number;
}

/** An expression of a Jinja template. */
export type Expression = At &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'name'; readonly name: string }
    /** `a.b` and `a[b]`. */
    | { readonly kind: 'member'; readonly object: Expression; readonly key: Expression }
    | {
        readonly kind: 'slice';
        readonly object: Expression;
        readonly start?: Expression;
        readonly stop?: Expression;
        readonly step?: Expression;
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly given: Arguments }
    | {
        readonly kind: 'filter';
        readonly operand: Expression;
        readonly name: string;
        readonly given: Arguments;
      }
    | {
        readonly kind: 'test';
        readonly operand: Expression;
        readonly name: string;
        readonly given: Arguments;
        readonly negated: boolean;
      }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    /** `a if condition else b`; without `else` it may be nothing. */
    | {
        readonly kind: 'choice';
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no?: Expression;
      }
  );

/** What is given to a call, a filter or a test. */
export interface Arguments {
  readonly plain: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

/** A parameter of a macro, with the value it has when none is given. */
export interface Parameter {
  readonly name: string;
  readonly fallback?: Expression;
}

/** A statement of a Jinja template. */
export type Statement = At &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'print'; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly condition: Expression; readonly body: Block }[];
        readonly otherwise: Block;
      }
    | {
        readonly kind: 'for';
        readonly names: readonly string[];
        readonly items: Expression;
        /** Only items for which it holds are looped over. */
        readonly only?: Expression;
        readonly body: Block;
        readonly otherwise: Block;
      }
    /** `set a = 1`, `set a, b = pair`, `set room.a = 1`; with a body, what it prints. */
    | {
        readonly kind: 'set';
        readonly targets: readonly Expression[];
        readonly value: Expression | Block;
      }
    | {
        readonly kind: 'with';
        readonly names: readonly (readonly [string, Expression])[];
        readonly body: Block;
      }
    | {
        readonly kind: 'macro';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly body: Block;
      }
    /** `call(x) macro(…)`: the macro may print the body by `caller(x)`. */
    | {
        readonly kind: 'call-block';
        readonly parameters: readonly Parameter[];
        readonly call: Expression;
        readonly body: Block;
      }
    | {
        readonly kind: 'filter-block';
        readonly name: string;
        readonly given: Arguments;
        readonly body: Block;
      }
    | { readonly kind: 'include'; readonly name: Expression; readonly mayMiss: boolean }
    /** Macros and settings of another file: all of them under `as`, or some by name. */
    | {
        readonly kind: 'import';
        readonly name: Expression;
        readonly as?: string;
        readonly names: readonly (readonly [string, string])[];
      }
    | { readonly kind: 'do'; readonly value: Expression }
    | { readonly kind: 'block'; readonly name: string; readonly body: Block }
    | { readonly kind: 'break' }
    | { readonly kind: 'continue' }
  );

/** Statements that follow each other. */
export type Block = readonly Statement[];

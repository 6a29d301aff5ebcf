import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import { isEmpty, isList, isMap, isSized, memberOf, type Traced } from './handlebars-values.ts';
import type { Noticed } from './noticed.ts';
import type { Output } from './output.ts';
import type { Value } from './values.ts';

/** What a block's body may see beside its surroundings. */
export interface Inside {
  /** What `this` is; as around the block when absent. */
  readonly context?: Traced;
  /** What names with `@` are. */
  readonly data?: ReadonlyMap<string, Traced>;
  /** Values of the names after `as`. */
  readonly parameters?: readonly Traced[];
}

/** What a helper is given. */
export interface HelperCall {
  readonly plain: readonly Traced[];
  readonly named: ReadonlyMap<string, Traced>;
  /** Prints the block's body, and its `else`; both print nothing where there is none. */
  readonly body: (inside?: Inside) => void;
  readonly otherwise: () => void;
  readonly context: Traced;
  readonly output: Output;
  readonly noticed: Noticed;
  readonly origin: Origin;
}

/** A function that templates may call. */
export interface Helper {
  /** It asks whether what it is given has a value, so that none is a notice rather than a warning. */
  readonly asks?: boolean;
  /** Prints what it has to say, or gives a value: a statement prints that, a bracket hands it on. */
  readonly run: (call: HelperCall) => Traced | undefined;
}

/** Helpers by their names. */
export type Helpers = ReadonlyMap<string, Helper>;

/** The helpers of the language itself (handlebarsjs.com/guide/builtin-helpers.html, 2026-11-22). `log` prints nothing into a prompt. */
export const BUILT_IN_HELPERS: Helpers = new Map<string, Helper>([
  ['if', { asks: true, run: (call) => choose(call, isTrue(call)) }],
  ['unless', { asks: true, run: (call) => choose(call, !isTrue(call)) }],
  ['each', { run: each }],
  ['with', { run: within }],
  ['lookup', { run: lookup }],
  ['log', { run: () => undefined }],
]);

/** Prints the body of a block, or its `else`. */
export function choose({ body, otherwise }: HelperCall, holds: boolean): undefined {
  if (holds) body();
  else otherwise();
}

function isTrue({ plain, named }: HelperCall): boolean {
  const value = plain[0]?.value;
  return !isEmpty(value) && (value !== 0 || named.get('includeZero')?.value === true);
}

function within(call: HelperCall): undefined {
  const [context] = call.plain;
  if (context === undefined || isEmpty(context.value)) call.otherwise();
  else call.body({ context, parameters: [context] });
}

function lookup({ plain: [owner, name] }: HelperCall): Traced | undefined {
  if (owner === undefined || name === undefined) return undefined;
  return typeof name.value === 'string' || typeof name.value === 'number'
    ? memberOf(owner, String(name.value))
    : undefined;
}

/** Goes over a list or a map; what only a size is known of is counted once, without what the block says of each item. */
export function each(call: HelperCall): undefined {
  const [items] = call.plain;
  const { value, from } = items ?? { value: undefined };
  if (isSized(value)) {
    call.noticed.add(
      'warning',
      'sized-value-used',
      `only the size of ${quote(from?.variable ?? 'it')} is known, so it is counted once and the text around its items is not`,
      call.origin,
    );
    call.output.sized(value.tokens, from?.variable ?? '', from?.varies ?? true);
    return;
  }
  const entries: readonly (readonly [string | number, Value])[] = isList(value)
    ? [...value.entries()]
    : isMap(value)
      ? [...value]
      : [];
  if (entries.length === 0) call.otherwise();
  const traced = (inner: Value): Traced => ({
    value: inner,
    ...(from === undefined ? {} : { from }),
  });
  for (const [index, [key, item]] of entries.entries()) {
    call.output.step();
    const context = items?.members?.get(String(key)) ?? traced(item);
    call.body({
      context,
      parameters: [context, traced(key)],
      data: new Map([
        ['key', traced(key)],
        ['index', traced(index)],
        ['first', traced(index === 0)],
        ['last', traced(index === entries.length - 1)],
      ]),
    });
  }
}

import { type Inner, textOf, type Work } from './jinja-values.ts';

/** What a filter is given beside its input. */
export interface FilterCall {
  readonly plain: readonly Inner[];
  readonly named: ReadonlyMap<string, Inner>;
  readonly work: Work;
}

/** A filter: a value in, a value out. */
export type Filter = (input: Inner, call: FilterCall) => Inner;

/** An argument by its position or its name. */
export const argument = (call: FilterCall, index: number, name: string): Inner | undefined =>
  call.named.get(name) ?? call.plain[index];

/** An argument as text. */
export function textArgument(
  call: FilterCall,
  index: number,
  name: string,
  fallback: string,
): string {
  const value = argument(call, index, name);
  return value === undefined ? fallback : textOf(value, call.work);
}

/** An argument as a whole number; `fallback` where it is none. */
export function countArgument(
  call: FilterCall,
  index: number,
  name: string,
  fallback: number,
): number {
  const value = argument(call, index, name);
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : fallback;
}

/** An argument as yes or no. */
export const flagArgument = (
  call: FilterCall,
  index: number,
  name: string,
  fallback: boolean,
): boolean => {
  const value = argument(call, index, name);
  return typeof value === 'boolean' ? value : fallback;
};

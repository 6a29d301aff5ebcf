import { readFileSync } from 'node:fs';
import type { Fraction } from '../domain/fraction.ts';
import { parseDecimal } from '../domain/money.ts';
import type { RoutePolicy, RouteRule, SizeRange } from '../domain/route-policy.ts';
import { quote, UserError } from '../errors.ts';
import { filtersAt } from './rule-values.ts';
import {
  type Located,
  type Problem,
  readYamlTree,
  type TreeReader,
  treeReader,
} from './yaml-tree.ts';

const RULE_KEYS = ['name', 'where', 'prompt_tokens', 'output_tokens', 'share', 'to'];

/** Reads rules of routing. Throws UserError, located, at the first problem. */
export function readRoutePolicy(file: string): RoutePolicy {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError('no such file, or no permission to read it', { origin: { file }, cause });
  }
  return decodeRoutePolicy(text, file);
}

/**
 * Decodes `routes:`, a list of rules in order, each with `to:` and any of `name`, `where`, `prompt_tokens`, `output_tokens`,
 * `share`. Throws UserError, located, at the first problem.
 */
export function decodeRoutePolicy(text: string, file: string): RoutePolicy {
  const problems: Problem[] = [];
  const read = treeReader((problem) => problems.push(problem));
  const tree = readYamlTree(text, file);
  const routes = read.map(tree, '', ['routes']).get('routes')?.value;
  if (routes === undefined && tree.kind === 'map')
    read.error(tree.origin, 'missing key "routes", a list of rules in order');
  const rules = read
    .list(routes, 'routes')
    .map((item, index) => ruleAt(read, item, `routes[${index + 1}]`, index + 1));
  const [first] = problems;
  if (first !== undefined)
    throw new UserError(first.message, {
      origin: first.origin,
      hint: 'A rule: {where: [feature=search], prompt_tokens: {below: 2000}, share: 60%, to: gpt-4o-mini}; "to: stay" keeps them.',
    });
  return { file, rules };
}

function ruleAt(read: TreeReader, item: Located, path: string, number: number): RouteRule {
  const fields = read.map(item, path, RULE_KEYS);
  const at = (key: string): Located | undefined => fields.get(key)?.value;
  const to = read.text(at('to'), `${path}.to`);
  if (at('to') === undefined && item.kind === 'map')
    read.error(item.origin, `${path}: needs to:, a model or "stay"`);
  return {
    name: read.text(at('name'), `${path}.name`) ?? `rule ${number}`,
    where: filtersAt(read, at('where'), `${path}.where`),
    prompt: rangeAt(read, at('prompt_tokens'), `${path}.prompt_tokens`),
    output: rangeAt(read, at('output_tokens'), `${path}.output_tokens`),
    share: shareAt(read, at('share'), `${path}.share`),
    to: to === 'stay' ? undefined : to,
    origin: at('to')?.origin ?? item.origin,
  };
}

function rangeAt(read: TreeReader, value: Located | undefined, path: string): SizeRange {
  const fields = read.map(value, path, ['at_least', 'below']);
  const atLeast = read.count(fields.get('at_least')?.value, `${path}.at_least`);
  const below = read.count(fields.get('below')?.value, `${path}.below`);
  if (value !== undefined && atLeast !== undefined && below !== undefined && below <= atLeast)
    read.error(value.origin, `${path}: no request has at least ${atLeast} and fewer than ${below}`);
  return {
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(below === undefined ? {} : { below }),
  };
}

function shareAt(read: TreeReader, value: Located | undefined, path: string): Fraction {
  const all: Fraction = { part: 1n, over: 1n };
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return all;
  const number = /^\d{1,3}(\.\d{1,6})?%?$/.test(text)
    ? parseDecimal(text.replace('%', ''))
    : undefined;
  const over = 10n ** BigInt(number?.scale ?? 0) * (text.endsWith('%') ? 100n : 1n);
  if (number !== undefined && number.digits <= over) return { part: number.digits, over };
  read.error(value.origin, `${path}: expected a part such as 60% or 0.6, found ${quote(text)}`);
  return all;
}

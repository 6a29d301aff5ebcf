import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CALLS, MEAN_TOKENS, type Spelling, TOKENS } from '../config/plan-values.ts';
import type { Sourced } from '../domain/number-source.ts';
import type { VariablePlan } from '../domain/prompt-plan.ts';
import { nearest } from '../domain/nearest.ts';
import { UserError } from '../errors.ts';
import type { EstimateFlags } from '../prompts/estimate-request.ts';
import { decodeText } from '../prompts/format-contract/text-decoding.ts';
import { ENGINES, type Engine } from '../prompts/format-contract/prompt-format.ts';
import type { Runtime } from '../runtime.ts';

/** Flags that go over file and config, as commander hands them over. */
export interface AssumptionFlags {
  readonly callsPerMonth?: string;
  readonly outputTokens?: string;
  readonly var?: readonly string[];
  readonly engine?: string;
}

/** What the flags say, for every prompt. Throws UserError. */
export function estimateFlags(flags: AssumptionFlags, runtime: Runtime): EstimateFlags {
  const calls = said('--calls-per-month', flags.callsPerMonth, CALLS);
  const output = said('--output-tokens', flags.outputTokens, MEAN_TOKENS);
  const engine = engineOf(flags.engine);
  return {
    variables: new Map((flags.var ?? []).map((text) => variableOf(text, runtime))),
    ...(calls === undefined ? {} : { callsPerMonth: calls }),
    ...(output === undefined ? {} : { output: { ...output, value: { mean: output.value } } }),
    ...(engine === undefined ? {} : { engine }),
  };
}

function said<Value>(
  flag: string,
  text: string | undefined,
  { parse, expected }: Spelling<Value>,
): Sourced<Value> | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined) throw new UserError(`${flag}: expected ${expected}, found "${text}"`);
  return { value, source: 'declared', from: flag };
}

function engineOf(text: string | undefined): Engine | undefined {
  if (text === undefined) return undefined;
  const engine = ENGINES.find((known) => known === text);
  if (engine !== undefined) return engine;
  const close = nearest(text, ENGINES);
  const detail = close === undefined ? {} : { hint: `Did you mean ${close}?` };
  throw new UserError(`--engine: expected one of ${ENGINES.join(', ')}, found "${text}"`, detail);
}

/** `name=value`, `name=@file` or `name=500tokens`. */
function variableOf(text: string, runtime: Runtime): readonly [string, VariablePlan] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UserError(`--var: expected name=value, found "${text}"`, {
      hint: 'For example --var lang=French, --var policy=@policy.md or --var "ticket=260 tokens".',
    });
  const origin = { file: `--var ${name}` };
  const size = / ?tokens?$/.test(value) ? TOKENS.parse(value) : undefined;
  if (size !== undefined)
    return [name, { origin, content: { kind: 'tokens', mean: size }, constant: false }];
  return [
    name,
    {
      origin: value.startsWith('@') ? { file: value.slice(1) } : origin,
      content: {
        kind: 'value',
        value: value.startsWith('@') ? fileText(name, value.slice(1), runtime) : value,
      },
      constant: false,
    },
  ];
}

function fileText(name: string, path: string, { cwd }: Runtime): string {
  try {
    return decodeText(readFileSync(resolve(cwd, path))).text;
  } catch (cause) {
    throw new UserError(`--var ${name}: cannot read ${path}`, { cause });
  }
}

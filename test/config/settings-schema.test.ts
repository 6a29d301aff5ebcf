import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { decodeAllocation } from '../../src/config/allocation-file.ts';
import { decodeProject } from '../../src/config/project-file.ts';
import { readSettings } from '../../src/config/settings.ts';
import { UserError } from '../../src/errors.ts';
import { desk, runIn } from '../support/fake-runtime.ts';
import { type Schema, validatorOf } from '../support/json-schema.ts';

const text = readFileSync(join(import.meta.dirname, '../../src/config/aicost.schema.json'), 'utf8');
const { schema, resolved, misfits, unknownWords } = validatorOf(text);
const here = desk();

/** What the decoders say of a file, in turn: of commands, of prompts, of allocation; nothing when all read it. */
async function refusal(written: string): Promise<string> {
  const file = here.write('aicost.yaml', written);
  try {
    await readSettings(file);
    decodeProject(written, 'aicost.yaml', '');
    decodeAllocation(written, 'aicost.yaml');
    return '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const fits = (written: string): readonly string[] =>
  misfits(parse(written, { version: '1.2', schema: 'core' }));

const EVERYTHING = `version: 1
ledger: costs.db
rates: [rates, more/rates.yaml]
timezone: Europe/Berlin
deployments: {azure.ai.openai: {chat-prod: gpt-4o}}
identifiers: order
not_identifiers: [ticket]
tags:
  required: [feature, team, customer]
  required_where:
    - where: [env=prod]
      keys: [customer]
  allowed:
    env: [prod, staging, "dev*", "/^test[0-9]+$/i"]
  virtual:
    - tag: env
      value: prod
      match: [Production, "prod*", "/^PROD(UCTION)?$/i"]
      from: environment_name
      since: 2026-10-01
      until: 2026-11-01T09:00:00Z
  infer: [run, session, api_key]
  cloud: {CostCenter: cost_center}
keys:
  - api_key: checkout-prod
    set: {team: checkout, feature: cart, floor: 3}
    since: 2026-10-01T09:00:00Z
    until: 2026-11-01
  - where: ["model=gpt-*", "region!=eu"]
    set: {team: search}
hierarchy:
  - of: team
    to: department
    members: [{team: search, department: discovery, since: 2026-01-01}]
owners:
  - where: [team=search]
    owner: ana@example.com
prices: {bundled: 2026-11-15}
rules: {counting: 2026-11-15}
base: main
images: {default: {width: 1024, height: 768}}
defaults: {calls_per_month: 40k, model: gpt-4o, cache: off, engine: jinja, role: system}
workspaces: {web: "apps/web/**"}
prompts:
  - id: reply
    path: prompts/reply.txt
    calls_per_month: {ledger: {tag: "prompt=reply", span: 7d}, fallback: "1,200"}
    turns: {mean: 2.5, growth_tokens: 450}
    vars: {ticket: {p50: 180, p95: 900}, lang: French, items: {value: [1, {a: b}]}, policy: {file: a.md, constant: true}}
    cases: [{weight: 80%}, {name: vip, weight: 0.2, vars: {vip: true}}]
    output_tokens: {ledger: off, fallback: {mean: 220.5, p95: 600}}
    cache: {ttl: 1h, hit_ratio: 95%}
    tools_tokens: 300
    owner: support
    budget: {max_usd: "$10", max_usd_per_call_p95: 0.05}
  - glob: "more/*.txt"
    output_tokens: 300
gate:
  mode: warn
  total: {max_increase_usd: 10 USD/month, max_increase_pct: 20%}
  workspace: {web: {max_usd: 100}}
  prompt: {max_tokens: 1.5k tokens}
  new_prompt: {max_usd: 50, require: [owner, model]}
  unknown: fail
  self_waive: deny
  allow_trailers: true
policy_source: head
allocation:
  pools:
    gateway: {part: orchestration, amounts: [{amount: -40.00, from: 2026-01-01, until: 2026-02-01, note: credit}]}
    assistants: {part: overhead, seats: [{vendor: acme, plan: team, price: 2.50, users: 8, from: 2026-03-01}]}
    nobody: {part: model, spend: ["team="]}
    search: {part: retrieval, bill: [service=Open*]}
    gpu: {part: infrastructure, hardware: h100}
    spare: {part: infrastructure, idle_of: gpu}
  signals: {gpu_seconds: gpu.csv, queries: [a.csv, b.csv]}
  rules:
    - {name: a, pool: gateway, by: team, method: usage, signal: requests, where: [env=prod], owner: ana, review_every: 90d, last_reviewed: 2026-10-01, evidence: docs/a.md}
    - {name: b, pool: assistants, by: [team], method: weighted, weights: [{team: search, weight: 5, since: 2026-01-01}], owner: ana, review_every: 3m, last_reviewed: 2026-10-01, evidence: [a, b], grain: week}
    - {name: c, pool: nobody, by: team, method: proportional, owner: ana, review_every: 1y, last_reviewed: 2026-10-01, evidence: x}
    - {name: d, pool: search, by: team, method: even, among: [search, growth], owner: ana, review_every: 1y, last_reviewed: 2026-10-01, evidence: x}
    - {name: e, pool: gpu, by: team, method: reserved, signal: gpu_seconds, reserved: [{team: search, quantity: 10, unit: GPU-hours}], capacity: {quantity: 720, unit: GPU-hours}, owner: ana, review_every: 1y, last_reviewed: 2026-10-01, evidence: x}
    - {name: f, pool: spare, by: team, method: direct, to: search, owner: ana, review_every: 1y, last_reviewed: 2026-10-01, evidence: x}
`;
/** A rule with its method and what that needs. */
const rule = (more: string): string =>
  `allocation: {pools: {p: {part: model, spend: "team="}}, rules: [{name: a, pool: p, owner: o, review_every: 1y, last_reviewed: 2026-10-01, evidence: x, ${more}}]}`;

const VIRTUAL = 'tag: env, value: prod, match: Prod';

describe('the schema of aicost.yaml', () => {
  it('is what aicost init --schema prints', async () => {
    expect((await runIn({}, ['init', '--schema'])).out).toBe(text);
  });

  it('uses only words that the validator of this test knows', () => {
    expect(unknownWords).toEqual([]);
  });

  it('describes every part of the file', () => {
    expect(
      Object.keys(schema.properties ?? {}).filter((key) => !EVERYTHING.includes(`${key}:`)),
    ).toEqual([]);
  });

  it.each([
    ['a file with everything', EVERYTHING],
    ['an empty file', ''],
    [
      'one tag and one value without lists',
      'tags: {required: team, allowed: {env: prod}, infer: off}',
    ],
    [
      'values that YAML reads as numbers and truth values',
      'tags: {allowed: {floor: [1, 2.50, true]}}',
    ],
    ['one condition without a list', 'owners: [{where: team=search, owner: ana}]'],
    ['a condition for calls that lack a tag', 'owners: [{where: [team=], owner: ana}]'],
  ])('and the decoders read %s', async (_, written) => {
    expect([await refusal(written), ...fits(written)]).toEqual(['']);
  });

  it.each([
    ['a list', '- tags'],
    ['an unknown key', 'tgas: {}'],
    ['another version', 'version: 2'],
    ['tags as a list', 'tags: [team]'],
    ['an unknown key of tags', 'tags: {requird: [team]}'],
    ['a fact of every call as a required tag', 'tags: {required: [model]}'],
    ['a tag of single calls', 'tags: {required: [run]}'],
    ['a required_where without keys', 'tags: {required_where: [{where: [env=prod]}]}'],
    ['a condition without =', 'tags: {required_where: [{where: [prod], keys: [team]}]}'],
    ['a virtual tag without match', 'tags: {virtual: [{tag: env, value: prod}]}'],
    ['a virtual tag with an unknown key', `tags: {virtual: [{${VIRTUAL}, form: stage}]}`],
    ['a virtual tag from a day in words', `tags: {virtual: [{${VIRTUAL}, since: last week}]}`],
    ['inference by what there is not', 'tags: {infer: [user]}'],
    ['a cloud tag for a fact', 'tags: {cloud: {CostCenter: provider}}'],
    ['a key rule without set', 'keys: [{api_key: a}]'],
    ['a key rule for everything', 'keys: [{set: {team: a}}]'],
    ['a key rule that sets a fact', 'keys: [{api_key: a, set: {model: b}}]'],
    ['a key rule with a list', 'keys: [{api_key: [a, b], set: {team: c}}]'],
    ['a hierarchy without members', 'hierarchy: [{of: team, to: department}]'],
    ['an owner without conditions', 'owners: [{owner: ana}]'],
    ['an owner that is not filled in', 'owners: [{where: [team=a], owner: }]'],
    ['a deployment that is a pattern', 'deployments: {azure.ai.openai: {a: "gpt-*"}}'],
    ['both kinds of prices', 'prices: {snapshot: a.json, bundled: 2026-11-15}'],
    ['a prompt with path and glob', 'prompts: [{path: a, glob: b}]'],
    ['a prompt without either', 'prompts: [{id: a}]'],
    ['a case without weight', 'prompts: [{path: a, cases: [{name: b}]}]'],
    ['a language of templates that there is not', 'defaults: {engine: erb}'],
    ['dollars in words', 'gate: {total: {max_usd: ten}}'],
    ['a mode that there is not', 'gate: {mode: maybe}'],
    ['a requirement that there is not', 'gate: {new_prompt: {require: [tests]}}'],
    ['an image without height', 'images: {default: {width: 10}}'],
    ['a policy from elsewhere', 'policy_source: main'],
    ['a pool without part', 'allocation: {pools: {p: {spend: "team="}}}'],
    ['a pool of two kinds', 'allocation: {pools: {p: {part: model, spend: "team=", capacity: a}}}'],
    [
      'seats without users',
      'allocation: {pools: {p: {part: model, seats: [{vendor: a, plan: b, price: 1, from: 2026-01-01}]}}}',
    ],
    ['a signal that there is not', 'allocation: {signals: {gpus: a.csv}}'],
    ['a rule of a method that there is not', rule('by: team, method: guess')],
    ['a rule by usage of nothing', rule('by: team, method: usage')],
    ['a rule for nobody', rule('method: even')],
    ['a rule with what another method needs', rule('by: team, method: even, weights: []')],
    [
      'a rule that is reviewed sometimes',
      rule('by: team, method: even').replace('1y', 'sometimes'),
    ],
  ])('and the decoders refuse %s', async (_, written) => {
    expect([(await refusal(written)) === '', fits(written).length === 0]).toEqual([false, false]);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const files = [...readme.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, name = '', body = '']): readonly (readonly [string, string])[] =>
      Object.keys(parse(body) ?? {}).every((key) => key in (schema.properties ?? {}))
        ? [[name, body]]
        : [],
  );

  it('shows files that the schema is held against', () => {
    expect(files.map(([name]) => name)).toEqual(
      expect.arrayContaining(['aicost.yaml', 'month.yaml', 'chargeback.yaml']),
    );
  });

  it.each(files)('shows a file %s that fits the schema', (_, body) => {
    expect(fits(body)).toEqual([]);
  });
});

const UNKNOWN = 'zzzzzzzzzzzzzzzzzzzzzzzz';
const odd = `${UNKNOWN}: 1`;

const def = (name: string): Schema => resolved({ $ref: `#/$defs/${name}` });
const inner = (part: Schema | undefined, ...keys: readonly string[]): Schema =>
  keys.reduce(
    (found: Schema, key) => resolved(resolved(found).properties?.[key] ?? {}),
    part ?? {},
  );
/** The alternative that is a map. */
const asMap = (part: Schema | undefined): Schema =>
  part?.anyOf?.find(({ type }) => type === 'object') ?? {};

describe('the decoders of aicost.yaml and its schema know the same keys', () => {
  it.each([
    ['of the file', odd, schema],
    ['of tags', `tags: {${odd}}`, inner(schema, 'tags')],
    [
      'of a requirement',
      `tags: {required_where: [{${odd}}]}`,
      inner(schema, 'tags', 'required_where').items,
    ],
    ['of a virtual tag', `tags: {virtual: [{${odd}}]}`, def('virtual_tag')],
    ['of a key rule', `keys: [{${odd}}]`, def('key_rule')],
    ['of a hierarchy', `hierarchy: [{${odd}}]`, def('hierarchy')],
    ['of an owner', `owners: [{${odd}}]`, def('owner')],
    ['of prices', `prices: {${odd}}`, inner(schema, 'prices')],
    ['of rules', `rules: {${odd}}`, inner(schema, 'rules')],
    ['of images', `images: {${odd}}`, inner(schema, 'images')],
    ['of an image', `images: {default: {${odd}}}`, inner(schema, 'images', 'default')],
    ['of defaults', `defaults: {${odd}}`, inner(schema, 'defaults')],
    ['of a prompt', `prompts: [{path: a, ${odd}}]`, def('prompt')],
    ['of a volume', `prompts: [{path: a, calls_per_month: {${odd}}}]`, asMap(def('volume'))],
    [
      'of measured calls',
      `prompts: [{path: a, calls_per_month: {ledger: {${odd}}}}]`,
      asMap(def('ledger_calls')),
    ],
    [
      'of an answer',
      `prompts: [{path: a, output_tokens: {mean: 1, ${odd}}}]`,
      asMap(def('output')),
    ],
    ['of turns', `prompts: [{path: a, turns: {mean: 1, ${odd}}}]`, inner(def('prompt'), 'turns')],
    [
      'of a case',
      `prompts: [{path: a, cases: [{weight: 1, ${odd}}]}]`,
      inner(def('prompt'), 'cases').items,
    ],
    ['of a cache', `prompts: [{path: a, cache: {${odd}}}]`, asMap(def('cache'))],
    ['of a budget', `prompts: [{path: a, budget: {${odd}}}]`, def('prompt_limits')],
    ['of the gate', `gate: {${odd}}`, inner(schema, 'gate')],
    ['of limits', `gate: {total: {${odd}}}`, def('cost_limits')],
    ['of an allocation', `allocation: {${odd}}`, inner(schema, 'allocation')],
    ['of a pool', `allocation: {pools: {p: {part: model, spend: "team=", ${odd}}}}`, def('pool')],
    [
      'of seats',
      `allocation: {pools: {p: {part: model, seats: [{${odd}}]}}}`,
      inner(def('pool'), 'seats').items,
    ],
    [
      'of an amount',
      `allocation: {pools: {p: {part: model, amounts: [{${odd}}]}}}`,
      inner(def('pool'), 'amounts').items,
    ],
    ...['usage', 'direct', 'even', 'weighted', 'proportional', 'reserved', 'overhead'].map(
      (method) =>
        [
          `of a rule by ${method}`,
          rule(`method: ${method}, ${odd}`),
          def(`rule_${method}`),
        ] as const,
    ),
    ['of new prompts', `gate: {new_prompt: {${odd}}}`, inner(schema, 'gate', 'new_prompt')],
  ])('%s', async (_, written, part) => {
    const [, known] =
      new RegExp(`unknown key "${UNKNOWN}"; known are (.*)$`).exec(await refusal(written)) ?? [];
    expect((known ?? '').split(', ').sort()).toEqual(
      Object.keys(resolved(part ?? {}).properties ?? {}).sort(),
    );
  });
});

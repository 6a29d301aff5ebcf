import { describe, expect, it } from 'vitest';
import { decodeProject } from '../../src/config/project-file.ts';
import { errorOf } from './first-error.ts';

const project = (text: string) => decodeProject(text, 'aicost.yaml', '');

/** A prompt with one more line. */
const prompt = (line: string): string => `prompts:\n  - path: a.txt\n    ${line}\n`;

describe('a mistake in a config names its place and the mend:', () => {
  it.each([
    ['promts: []', '1:1: unknown key "promts"; did you mean "prompts"?'],
    ['version: 2', '1:10: version: expected 1, found "2"'],
    [prompt('modle: gpt-4o'), '3:5: prompts[0]: unknown key "modle"; did you mean "model"?'],
    ['prompts: [{id: a}]', '1:11: prompts[0]: expected path or glob, found neither'],
    ['prompts: [{path: a, glob: b}]', '1:11: prompts[0]: expected path or glob, found both'],
    [
      'prompts: [{path: "a/*.txt"}]',
      '1:18: prompts[0].path: "a/*.txt" is a pattern; write it under glob:',
    ],
    [
      'prompts: [{path: ../a.txt}]',
      '1:18: prompts[0].path: expected a path inside the repository, relative to this file, found "../a.txt"',
    ],
    [
      'prompts: [{path: /etc/passwd}]',
      '1:18: prompts[0].path: expected a path inside the repository, relative to this file, found "/etc/passwd"',
    ],
    [
      'prompts:\n  - {id: a, path: x}\n  - {id: a, path: y}',
      '3:10: id "a" stands in line 2 already; give each prompt an id of its own',
    ],
    [
      prompt('calls_per_month: lots'),
      '3:22: prompts[0].calls_per_month: expected calls a month like 40000, "40k" or "1.2M calls/month", found "lots"',
    ],
    [
      prompt('calls_per_month: {ledger: {tag: support}}'),
      '3:37: prompts[0].calls_per_month.ledger.tag: expected a tag like prompt=support-reply, found "support"',
    ],
    [prompt('output_tokens: {p95: 5}'), '3:20: prompts[0].output_tokens: missing key "mean"'],
    [
      prompt('turns: {mean: 0.5}'),
      '3:19: prompts[0].turns.mean: expected turns on average, 1 to 10,000, like 3 or 2.5, found "0.5"',
    ],
    [
      prompt('vars: {a: {value: x, file: y}}'),
      '3:15: prompts[0].vars.a: expected one of value, file and sizes in tokens (mean, p50, p95), found value and file',
    ],
    [
      prompt('vars: {a: {constant: true}}'),
      '3:15: prompts[0].vars.a: expected one of value, file and sizes in tokens (mean, p50, p95), found none',
    ],
    [
      prompt('vars: {a: {p50: 100, p95: 50}}'),
      '3:15: prompts[0].vars.a: p95 50 is less than p50 100',
    ],
    [
      prompt('vars: {a: {tokens: 1.5}}'),
      '3:24: prompts[0].vars.a.tokens: expected a whole number of tokens like 800 or "1.5k tokens", found "1.5"',
    ],
    [
      prompt('cases: []'),
      '3:12: prompts[0].cases: expected at least one case, found an empty list',
    ],
    [prompt('cases: [{name: a}]'), '3:13: prompts[0].cases[0]: missing key "weight"'],
    [
      prompt('cases: [{weight: 0}]'),
      '3:22: prompts[0].cases[0].weight: expected a number above 0 like 0.8, 4 or 80%, found "0"',
    ],
    [
      prompt('cache: {hit_ratio: 1.2}'),
      '3:24: prompts[0].cache.hit_ratio: expected auto, off or a share like 0.95 or 95%, found "1.2"',
    ],
    [
      prompt('engine: jinja2'),
      '3:13: prompts[0].engine: expected one of none, fstring, mustache, handlebars, jinja, found "jinja2"',
    ],
    [
      'gate: {total: {max_usd: ten}}',
      '1:25: gate.total.max_usd: expected dollars a month like 10, "$10" or "10 USD/month", found "ten"',
    ],
    [
      'gate: {total: {max_usd: -5}}',
      '1:25: gate.total.max_usd: expected dollars a month like 10, "$10" or "10 USD/month", found "-5"',
    ],
    [
      'gate: {prompt: {max_usd_per_call_p95: 1 USD/month}}',
      '1:39: gate.prompt.max_usd_per_call_p95: expected dollars a call like 0.05, "$0.05" or "0.05 USD/call", found "1 USD/month"',
    ],
    [
      'gate: {total: {max_increase_pct: 10 points}}',
      '1:34: gate.total.max_increase_pct: expected a percentage like 20 or 20%, found "10 points"',
    ],
    [
      'workspaces: {web: apps/**}\ngate: {workspace: {wbe: {max_usd: 1}}}',
      '2:20: gate.workspace: no workspace is called "wbe"; did you mean "web"?',
    ],
    [
      'gate: {new_prompt: {require: [price]}}',
      '1:30: gate.new_prompt.require: expected some of model, calls_per_month, output_tokens, owner, id, found "price"',
    ],
    [
      'gate: {unknown: maybe}',
      '1:17: gate.unknown: expected warn or fail or ignore, found "maybe"',
    ],
    [
      'prices: {bundled: 2026-13-01}',
      '1:19: prices.bundled: expected a day like 2026-11-15, found "2026-13-01"',
    ],
    [
      'prices: {bundled: 2026-11-15, snapshot: a.yaml}',
      '1:9: prices: expected snapshot or bundled, found both',
    ],
    ['images: {default: {width: 10}}', '1:19: images.default: missing key "height"'],
    [
      'workspaces: {a: "{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}"}',
      '1:17: workspaces.a: the braces stand for more than 256 patterns; write fewer',
    ],
    ['prompts: {a: 1}', '1:10: prompts: expected a list, found keys and values'],
  ])('%s', (text, expected) => {
    expect(errorOf(() => project(text))).toBe(`aicost.yaml:${expected}`);
  });

  it('and how many more there are', () => {
    expect(errorOf(() => project('promts: []\ngaet: {}\nbase: []'))).toBe(
      'aicost.yaml:1:1: unknown key "promts"; did you mean "prompts"? | There are 2 more problems in this file.',
    );
  });

  it('and nothing breaks on what is nested past all reason', () => {
    expect(errorOf(() => project(`prompts: ${'['.repeat(50_000)}`))).toBe(
      'aicost.yaml: nested too deeply to be read',
    );
  });

  it('and keys that objects have of themselves are keys like others', () => {
    expect(errorOf(() => project('__proto__: 1'))).toMatch(
      /^aicost.yaml:1:1: unknown key "__proto__"/,
    );
    const { plan } = project(prompt('vars: {__proto__: x, constructor: y}'));
    expect([...(plan.entries[0]?.variables.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
  });
});

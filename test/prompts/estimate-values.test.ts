import { describe, expect, it } from 'vitest';
import type { EstimateWorld } from '../../src/prompts/estimate-request.ts';
import { codes, config, estimate, type Files, only, text, tokens } from './made-up-estimate.ts';

describe('values of variables', () => {
  const entry = (lines: string): Files =>
    config(
      `  - id: a\n    path: a.txt\n    model: gpt-4o-mini\n    calls_per_month: 1000000\n${lines}`,
    );

  it('come from the config, and from files that it names', async () => {
    const prompt = only(
      await estimate({
        ...entry('    vars: {ticket: {file: samples/t.txt}, lang: b}\n'),
        'a.txt': 'a\n{{ticket}}\n{{lang}}',
        'samples/t.txt': tokens(40),
      }),
    );
    // a, two line breaks, 40, b, and 7.
    expect(prompt.tokens?.tokens).toBe(51);
    expect(
      prompt.inputs?.cases[0]?.parts.map(({ variable, part, tokens: count, origin }) => [
        variable ?? part,
        count.tokens,
        origin,
      ]),
    ).toEqual([
      ['instructions', 3, undefined],
      ['ticket', 40, { file: 'samples/t.txt', line: 1 }],
      ['lang', 1, { file: 'aicost.yaml', line: 8, column: 49 }],
      ['frame', 7, undefined],
    ]);
    expect([...prompt.files.keys()]).toEqual(['a.txt', 'samples/t.txt']);
  });

  it('are assumed, and said to be, where nobody gives any', async () => {
    const prompt = only(await estimate({ ...entry(''), 'a.txt': 'a\n{{ticket}}' }));
    expect(prompt.tokens).toMatchObject({ tokens: 109, source: 'assumed' });
    expect(prompt.findings).toEqual([
      {
        level: 'warning',
        code: 'assumed-variable',
        message: 'nobody gives "ticket" a value: 100 tokens are assumed',
        origin: { file: 'a.txt', line: 1 },
      },
    ]);
  });

  it('differ by case, and cost their mean by weight', async () => {
    const prompt = only(
      await estimate({
        ...entry(`    engine: jinja
    vars: {q: {tokens: 100}}
    cases: [{weight: 0.8}, {weight: 0.2, vars: {vip: {value: true}}}]
`),
        'a.txt': `{% if vip %}${tokens(1000)}{% endif %}{{ q }}`,
      }),
    );
    // 107 four times in five, 1,107 once.
    expect(prompt.tokens?.tokens).toBe(307);
    // 307 x 0.15 + 200 x 0.60 = 166.05 for a million calls.
    expect(text(prompt.cost.perMonth)).toBe('166.05');
    // The case without it is told, and is what was meant.
    expect(codes(prompt)).toEqual(['notice undefined-variable']);
  });

  it('come from samples of the file, each of which is a case', async () => {
    const prompt = only(
      await estimate({
        'a.prompt.yml': `model: gpt-4o
messages: [{role: user, content: "{{q}}"}]
testData: [{q: a}, {q: a a a a a}]
`,
      }),
    );
    expect(prompt.inputs?.cases.map(({ tokens: count }) => count.tokens)).toEqual([8, 12]);
    expect(prompt.tokens?.tokens).toBe(10);
  });

  it('reach a cache when they are the same in every call', async () => {
    const prefix = async (constant: boolean) =>
      only(
        await estimate({
          ...entry(`    vars: {lang: {value: b, constant: ${constant}}}\n`),
          'a.txt': `{{lang}}\n${tokens(50)}`,
        }),
      ).inputs?.cases[0]?.prefix.tokens;
    expect([await prefix(false), await prefix(true)]).toEqual([7, 59]);
  });

  it('that a prompt does not use are most likely a slip', async () => {
    const prompt = only(await estimate({ ...entry('    vars: {tikcet: b}\n'), 'a.txt': 'a' }));
    expect(prompt.findings).toMatchObject([
      { level: 'notice', code: 'unused-variable', message: 'a.txt does not use "tikcet"' },
    ]);
  });

  it('make the ceiling of a call by their 95th percentile', async () => {
    const prompt = only(
      await estimate({
        ...entry(
          '    vars: {q: {mean: 100, p95: 900}}\n    output_tokens: {mean: 200, p95: 1000}\n',
        ),
        'a.txt': '{{q}}',
      }),
    );
    // 907 x 0.15 + 1,000 x 0.60 = 736.05 a million.
    expect(text(prompt.cost.perCallP95)).toBe('0.00073605');
    // 107 x 0.15 + 200 x 0.60 = 136.05.
    expect(text(prompt.cost.perCall)).toBe('0.00013605');
  });
});

describe('volumes, answers and hits', () => {
  const CALLS = {
    callsPerMonth: { digits: 2_000_000n, scale: 0 },
    outputMean: { digits: 100n, scale: 0 },
    cacheReadMean: { digits: 669n, scale: 0 },
    cacheWriteMean: { digits: 0n, scale: 0 },
    from: 'ledger',
  };
  const files = (line: string, model = 'gpt-4o-mini'): Files => ({
    ...config(`  - {id: a, path: a.txt, model: ${model}${line}}\n`),
    'a.txt': tokens(1331),
  });
  const ask = async (given: Files, more: Parameters<typeof estimate>[1] = {}) => {
    const asked: unknown[] = [];
    const callsOf: EstimateWorld['callsOf'] = (plan, id) => {
      asked.push([plan, id]);
      return CALLS;
    };
    const { inputs, cost } = only(await estimate(given, { ...more, world: { callsOf } }));
    return { asked, assumptions: inputs?.assumptions, cost };
  };

  it('are measured where the ledger knows the prompt, whatever is declared', async () => {
    const { asked, assumptions, cost } = await ask(files(', calls_per_month: 5'));
    expect(asked[0]).toEqual([{ days: 30 }, 'a']);
    expect(assumptions?.callsPerMonth).toEqual({
      value: { digits: 2_000_000_000_000n, scale: 6 },
      source: 'measured',
      from: 'ledger',
    });
    // Two million calls of 1,338 x 0.15 + 100 x 0.60 = 260.7 a million.
    expect(text(cost.perMonth)).toBe('521.4');
  });

  it('are asked for by the tag and the span that the config says, or not at all', async () => {
    const tagged = await ask(files(', calls_per_month: {ledger: {tag: "job=x", span: 7d}}'));
    expect(tagged.asked).toContainEqual([{ days: 7, tag: { key: 'job', value: 'x' } }, 'a']);
    const off = await ask(files(', calls_per_month: {ledger: off, fallback: 5}'));
    expect(off.assumptions?.callsPerMonth).toMatchObject({
      value: { digits: 5n },
      source: 'declared',
      from: 'aicost.yaml:4:87',
    });
  });

  it('are calls in the ledger and conversations in a plan, which have several', async () => {
    const { assumptions, cost } = await ask(files(', turns: {mean: 2.5}'));
    // Two million calls are 800,000 conversations of two and a half; the month costs the same.
    expect(assumptions?.callsPerMonth?.value).toEqual({ digits: 800_000_000_000n, scale: 6 });
    expect(text(cost.perMonth)).toBe('521.4');
  });

  it('tell hits of a cache by what was read of what could be', async () => {
    const { assumptions } = await ask(files('', 'gpt-5.6-luna'));
    // 669 of 1,338 tokens.
    expect(assumptions?.cache.hitRatio).toEqual({
      value: { digits: 500_000n, scale: 6 },
      source: 'measured',
      from: 'ledger',
    });
  });

  it('are said by flags before all', async () => {
    const { assumptions } = await ask(files(''), {
      flags: {
        variables: new Map(),
        callsPerMonth: {
          value: { digits: 7n, scale: 0 },
          source: 'declared',
          from: '--calls-per-month',
        },
      },
    });
    expect(assumptions?.callsPerMonth?.from).toBe('--calls-per-month');
  });

  it('are assumed by the defaults, and answers where nobody says anything', async () => {
    const more = 'defaults: {calls_per_month: 10, output_tokens: {fallback: 50}}';
    const { inputs } = only(
      await estimate({ ...config('  - {path: a.txt, model: gpt-4o}\n', more), 'a.txt': 'a' }),
    );
    expect(inputs?.assumptions.callsPerMonth).toMatchObject({
      source: 'assumed',
      from: 'defaults, aicost.yaml:2:29',
    });
    const bare = only(await estimate({ 'prompts/a.txt': 'a' }));
    expect(bare.inputs?.assumptions.output).toEqual({
      value: { mean: { digits: 300n, scale: 0 } },
      source: 'assumed',
      from: 'nobody says how long answers are',
    });
  });
});

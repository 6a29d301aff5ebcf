import { describe, expect, it } from 'vitest';
import { codes, config, estimate, type Files, only, text, tokens } from './made-up-estimate.ts';

describe('the prompts of a tree', () => {
  it('cost what their tokens, volumes and answers come to', async () => {
    const files = {
      ...config(`  - {id: support, path: support.txt, model: gpt-4o-mini, calls_per_month: 100k}
  - {id: dear, path: dear.txt, model: gpt-4o, calls_per_month: 100000}
`),
      'support.txt': tokens(2651),
      'dear.txt': tokens(2321),
    };
    const { prompts } = await estimate(files);
    // 7 for the frame: 2,658 x 0.15 + 200 x 0.60 and 2,328 x 2.50 + 200 x 10.00, a tenth of a million times.
    expect(
      prompts.map(({ id, tokens: count, cost }) => [id, count?.tokens, text(cost.perMonth)]),
    ).toEqual([
      ['dear', 2328, '782'],
      ['support', 2658, '51.87'],
    ]);
  });

  it('pay for the prefix that a cache keeps, up to the first variable', async () => {
    const entry = `  - id: support
    path: support.txt
    model: gpt-5.6-luna
    calls_per_month: 100000
    cache: {hit_ratio: 95%}
    vars: {ticket: {tokens: 1321}}
`;
    const long = only(
      await estimate({ ...config(entry), 'support.txt': `${tokens(1329)}\n{{ticket}}` }),
    );
    // 1,329 words, a line break and 7 of frame; 1,321 more.
    expect(long.inputs?.cases[0]?.prefix.tokens).toBe(1337);
    expect(long.inputs?.cases[0]?.prefixEnd).toMatchObject({
      kind: 'variable',
      variable: 'ticket',
    });
    expect(text(long.cost.perMonth)).toBe('253.15775');
    const short = only(
      await estimate({ ...config(entry), 'support.txt': `${tokens(999)}\n{{ticket}}` }),
    );
    expect(short.cost.cache).toMatchObject({
      cachedTokens: 0,
      why: '1,007 stable tokens, fewer than 1,024',
    });
    expect(text(short.cost.perMonth)).toBe('332.8');
  });

  it('are found by their usual names where no config names any', async () => {
    const { prompts } = await estimate({
      'prompts/a.txt': 'hello world',
      'chat.prompt.yml': 'model: openai/gpt-4o\nmessages: [{role: user, content: hello world}]\n',
      'notes.txt': 'no prompt',
    });
    expect(
      prompts.map(({ id, namedBy, model, tokens: count }) => [
        id,
        namedBy,
        model?.value,
        count?.tokens,
      ]),
    ).toEqual([
      ['chat.prompt.yml', 'path', { provider: 'openai', model: 'gpt-4o' }, 9],
      // Nobody says which model: two tokens of o200k_base and a tenth, with the usual frame of chats, 4 + 1 + 3.
      ['prompts/a.txt', 'path', undefined, 10],
    ]);
    expect(prompts.map(({ cost }) => text(cost.perMonth))).toEqual([
      'unknown: nobody says how many calls are made in a month',
      'unknown: nobody says which model it goes to',
    ]);
  });

  it('belong to the first workspace that they lie in', async () => {
    const { prompts } = await estimate({
      'aicost.yaml': 'workspaces: {web: apps/web/**, apps: apps/**}\n',
      'apps/web/prompts/a.txt': 'a',
      'apps/api/prompts/b.txt': 'b',
      'prompts/c.txt': 'c',
    });
    expect(prompts.map(({ path, workspace }) => [path, workspace])).toEqual([
      ['apps/api/prompts/b.txt', 'apps'],
      ['apps/web/prompts/a.txt', 'web'],
      ['prompts/c.txt', undefined],
    ]);
  });
});

describe('what is not known', () => {
  it('is no number: a file that cannot be read, a sample that is missing, a model without a price', async () => {
    const { prompts } = await estimate({
      ...config(`  - {id: a, path: a.prompt.yml, calls_per_month: 1}
  - {id: b, path: b.txt, model: gpt-4o, calls_per_month: 1, vars: {x: {file: gone.txt}}}
  - {id: c, path: c.txt, model: no-such-model, calls_per_month: 1}
`),
      'a.prompt.yml': 'messages: [',
      'b.txt': '{{x}}',
      'c.txt': 'c',
    });
    expect(
      prompts.map(({ id, tokens: count, cost }) => [id, count === undefined, cost.perMonth.kind]),
    ).toEqual([
      ['a', true, 'unknown'],
      ['b', true, 'unknown'],
      ['c', false, 'unknown'],
    ]);
    expect(prompts.map(({ cost }) => text(cost.perMonth)).slice(1)).toEqual([
      'unknown: "gone.txt" is not there',
      'unknown: no rate card has a model "no-such-model"; name its provider, as in openai/no-such-model',
    ]);
  });

  it('is at least what can be counted where content is not in the repository', async () => {
    const prompt = only(
      await estimate(
        {
          'a.json': JSON.stringify({
            model: 'gpt-4o',
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'a' },
                  { type: 'file', file: { file_id: 'f1' } },
                ],
              },
            ],
          }),
        },
        { paths: ['a.json'] },
      ),
    );
    expect(prompt.atLeast).toBe(true);
    expect(prompt.findings.map(({ code }) => code)).toContain('unresolved-content');
  });

  it('is whether a model takes it: what is longer than its context window is told', async () => {
    const prompt = only(
      await estimate({
        'aicost.yaml': 'defaults: {model: gpt-4o}\n',
        'prompts/a.txt': tokens(130_000),
      }),
    );
    expect(prompt.findings).toEqual([
      {
        level: 'warning',
        code: 'exceeds-context-window',
        message: '130,007 tokens are more than the 128,000 that gpt-4o takes',
        origin: { file: 'prompts/a.txt', line: 1 },
      },
    ]);
  });

  it('is decoded as well as can be: old text files are read as windows-1252, with a warning', async () => {
    const prompt = only(await estimate({ 'prompts/a.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9]) }));
    expect(codes(prompt)).toEqual(['warning not-utf8']);
    expect(prompt.tokens).toBeDefined();
  });
});

describe('caching that has to be asked for', () => {
  const of = async (config_: string, system: unknown) =>
    only(
      await estimate({
        'aicost.yaml': `${config_}\nprompts: [{path: a.json}]\n`,
        'a.json': JSON.stringify({
          model: 'claude-sonnet-4-5',
          max_tokens: 100,
          system,
          messages: [{ role: 'user', content: '{{q}}' }],
        }),
      }),
    ).inputs?.cases[0];

  it('is asked for by a mark in the file, or by the config', async () => {
    const plain = await of('', tokens(500));
    expect([plain?.prefix.tokens, plain?.prefixEnd]).toEqual([0, { kind: 'not-asked' }]);
    const declared = await of('defaults: {cache: {ttl: 5m}}', tokens(500));
    expect(declared?.prefixEnd).toMatchObject({ kind: 'variable', variable: 'q' });
    const marked = await of('', [
      { type: 'text', text: tokens(500), cache_control: { type: 'ephemeral' } },
    ]);
    expect(marked?.prefixEnd).toEqual({ kind: 'breakpoint' });
    expect(marked?.prefix.tokens).toBeGreaterThan(400);
  });
});

describe('the time that a file asks a cache to keep a prefix', () => {
  it('decides what writing it costs', async () => {
    const of = async (cache: object) => {
      const { inputs, cost } = only(
        await estimate({
          'aicost.yaml':
            'prices: {bundled: 2026-11-15}\nprompts: [{path: a.json, calls_per_month: 1, output_tokens: 0, cache: {hit_ratio: 0}}]\n',
          'a.json': JSON.stringify({
            model: 'claude-sonnet-4-5',
            max_tokens: 100,
            system: [{ type: 'text', text: tokens(3000), cache_control: cache }],
            messages: [{ role: 'user', content: 'a' }],
          }),
        }),
      );
      return [
        inputs?.assumptions.cache.ttl?.value,
        cost.cache.cachedTokens,
        cost.perMonth,
      ] as const;
    };
    const [usual, kept, fiveMinutes] = await of({ type: 'ephemeral' });
    const [asked, , oneHour] = await of({ type: 'ephemeral', ttl: '1h' });
    expect([usual, asked]).toEqual([undefined, '1h']);
    if (fiveMinutes.kind === 'unknown' || oneHour.kind === 'unknown') throw new Error('no price');
    // $3.00 in: an hour costs twice that, five minutes 1.25 times, so $2.25 a million more.
    expect(oneHour.value - fiveMinutes.value).toBe(BigInt(kept) * 2_250_000_000_000n);
  });
});

describe('tools that stand elsewhere', () => {
  const chat = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'a' }] });
  const toolTokens = async (line: string, more: Files = {}) => {
    const prompt = only(
      await estimate({ ...config(`  - {path: a.json${line}}\n`), 'a.json': chat, ...more }),
    );
    const part = prompt.inputs?.cases[0]?.parts.find(({ part: kind }) => kind === 'tools');
    return [part?.tokens.tokens, part?.source, [...prompt.files.keys()]];
  };

  it('are counted from a file, or taken at the size that is declared', async () => {
    expect(await toolTokens('')).toEqual([undefined, undefined, ['a.json']]);
    expect(await toolTokens(', tools_tokens: 300')).toEqual([300, 'declared', ['a.json']]);
    const tools = JSON.stringify([{ type: 'function', function: { name: 'look_up' } }]);
    const [count, source, files] = await toolTokens(', tools_file: tools.json', {
      'tools.json': tools,
    });
    expect(count).toBeGreaterThan(9);
    expect(source).toBe('estimated');
    expect(files).toEqual(['a.json', 'tools.json']);
  });
});

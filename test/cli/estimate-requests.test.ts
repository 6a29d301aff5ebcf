import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { promptDesk, type PromptDesk } from '../support/prompt-desk.ts';

let { write, estimate }: PromptDesk = promptDesk();

beforeEach(() => {
  ({ write, estimate } = promptDesk());
});

const COUNTS = '.aicost/counts.json';

/** A file of counts. */
const counts = (tokens: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ schema: 'aicost.counts/1', counts: tokens });

/** JSON without blanks, keys sorted, worked out here once more. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

const json = async (...argv: readonly string[]) =>
  JSON.parse((await estimate('--format', 'json', ...argv)).out);

/** What `--requests` writes. */
const requests = async (...argv: readonly string[]) => {
  const { out, err, code } = await estimate('--requests', ...argv);
  const lines = out.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line)), err, code };
};

const CLAUDE = {
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  system: 'You answer customers of a shop, kindly and in one sentence.',
  messages: [{ role: 'user', content: 'Where is my order?' }],
  tools: [{ name: 'find_order', description: 'Finds it.', input_schema: { type: 'object' } }],
};
const PROJECT = {
  'aicost.yaml':
    'prompts: [{id: reply, path: reply.json, calls_per_month: 1000, output_tokens: 10}]\n',
  'reply.json': JSON.stringify(CLAUDE),
};

describe('aicost estimate --requests', () => {
  it('writes the body that Anthropic counts, under the key of model and canonical body', async () => {
    write(PROJECT);
    const { lines, code, err } = await requests();
    const { max_tokens: _, ...request } = CLAUDE;
    const key = createHash('sha256')
      .update(`claude-sonnet-4-5\n${canonical(request)}`)
      .digest('hex');
    expect(lines).toEqual([
      {
        key,
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        prompt: 'reply',
        case: lines[0].case,
        request,
      },
    ]);
    expect([code, err]).toEqual([0, '']);
  });

  it('writes the bodies of OpenAI and Gemini for their models', async () => {
    write(PROJECT);
    const { lines } = await requests('--model', 'gpt-4o', '--model', 'gemini-2.5-pro');
    const tool = { name: 'find_order', description: 'Finds it.', parameters: { type: 'object' } };
    expect(lines.map(({ provider, request }) => [provider, request])).toEqual([
      [
        'openai',
        {
          model: 'gpt-4o',
          instructions: CLAUDE.system,
          input: [{ role: 'user', content: 'Where is my order?' }],
          tools: [{ type: 'function', ...tool, strict: false }],
        },
      ],
      [
        'google',
        {
          contents: [{ role: 'user', parts: [{ text: 'Where is my order?' }] }],
          systemInstruction: { parts: [{ text: CLAUDE.system }] },
          tools: [{ functionDeclarations: [tool] }],
        },
      ],
    ]);
  });

  it('leaves out what cannot be asked in full, and says how many cases that are', async () => {
    write({
      'aicost.yaml': `prompts:
  - {id: sized, path: a.txt, model: claude-sonnet-4-5, engine: mustache, vars: {q: 50 tokens}}
  - {id: elsewhere, path: b.txt, model: mistral/mistral-large-latest}
  - {id: more-tools, path: b.txt, model: claude-sonnet-4-5, tools_tokens: 300}
`,
      'a.txt': 'Answer {{q}}.',
      'b.txt': 'Answer.',
    });
    const { lines, err } = await requests();
    expect(lines).toEqual([]);
    expect(err).toContain(
      '3 cases left out: known by size alone, with images or a schema, or of other providers',
    );
  });

  it('escapes what would move a terminal, and the key still fits', async () => {
    write({ ...PROJECT, 'reply.json': JSON.stringify({ ...CLAUDE, system: 'a\u009b2Jb\u202e' }) });
    const { out } = await estimate('--requests');
    expect(out).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
    const { key } = JSON.parse(out);
    write({ [COUNTS]: counts({ [key]: 77 }) });
    expect((await json()).rows[0].tokens_in).toBe(77);
  });

  it('is not for text alone', async () => {
    write(PROJECT);
    const { code, err } = await estimate('--requests', '--tokens-only', 'reply.json');
    expect([code, err]).toEqual([
      2,
      'aicost: --requests are of prompts, --tokens-only counts text alone\n',
    ]);
  });
});

describe('an imported count', () => {
  const importing = async (tokens: number): Promise<void> => {
    const { lines } = await requests();
    write({ [COUNTS]: counts(Object.fromEntries(lines.map(({ key }) => [key, { tokens }]))) });
  };

  it('is the exact total of its prompt, without a band, and says where it is from', async () => {
    write(PROJECT);
    expect((await json()).rows[0].tokens_source).toBe('estimated');
    await importing(613);
    const { rows, parts, numbers } = await json('--why');
    const [{ tokens_in, tokens_low, tokens_high, tokens_source }] = rows;
    expect([tokens_in, tokens_low, tokens_high, tokens_source]).toEqual([613, 613, 613, 'exact']);
    const found: readonly { readonly tokens: number; readonly prefix_tokens: number }[] = parts;
    expect(found.map(({ tokens }) => tokens).reduce((sum, part) => sum + part, 0)).toBe(613);
    expect(found.filter((part) => part.prefix_tokens > part.tokens)).toEqual([]);
    expect(numbers).toContainEqual({
      prompt: 'reply',
      number: 'tokens in',
      value: '613',
      source: 'exact',
      from: '.aicost/counts.json',
    });
    // 613 x 3 + 10 x 15 = 1,989 a million.
    expect(rows[0].cost_per_month_usd).toBe('1.989');
    expect((await requests()).lines).toEqual([]);
  });

  it('is lost by a prompt that changes, or goes to another model', async () => {
    write(PROJECT);
    await importing(613);
    expect((await json('--model', 'claude-opus-4-7')).rows[0].tokens_source).toBe('estimated');
    write({ 'reply.json': JSON.stringify({ ...CLAUDE, system: `${CLAUDE.system} ` }) });
    expect((await json()).rows[0].tokens_source).toBe('estimated');
  });

  it('counts the cases it is of', async () => {
    write({
      'aicost.yaml': `prompts:
  - id: ask
    path: ask.txt
    engine: mustache
    model: claude-sonnet-4-5
    cases: [{name: short, weight: 1, vars: {q: Hi}}, {name: long, weight: 1, vars: {q: {tokens: 900}}}]
`,
      'ask.txt': 'Answer: {{q}}',
    });
    const { lines } = await requests();
    expect(lines.map((line) => line.case)).toEqual(['short']);
    await importing(10);
    const { numbers, rows } = await json('--why');
    expect(rows[0].tokens_source).toBe('estimated');
    const [row] = numbers.filter((each: { number: string }) => each.number === 'tokens in');
    expect(row.from).toContain('; .aicost/counts.json for 1 of 2 cases');
  });

  it('that nothing asks for does no harm', async () => {
    write({ ...PROJECT, [COUNTS]: counts({ ['0'.repeat(64)]: 9 }) });
    const { code, out } = await estimate();
    write({ [COUNTS]: counts({}) });
    expect([code, out]).toEqual([0, (await estimate()).out]);
  });

  it.each([
    ['{"schema": "aicost.counts/1", "counts": {"__proto__": 7}}', '1:42'],
    ['{"schema": "aicost.counts/1", "counts": {', '1:42'],
    ['', '1:1'],
    ['[]', '1:1'],
  ])('of a broken file ends the run with its place: %s', async (text, place) => {
    write({ ...PROJECT, [COUNTS]: text });
    const { code, out, err } = await estimate();
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${COUNTS}:${place}`);
  });
});

import { describe, expect, it } from 'vitest';
import { countingRequest, type RequestParts } from '../../src/prompts/counting-request.ts';
import type { Content, Message } from '../../src/prompts/prompt.ts';

const text = (...texts: readonly string[]): Content => ({
  kind: 'text',
  pieces: texts.map((each) => ({ kind: 'text', text: each, varies: false })),
});
const message = (role: string, ...content: readonly Content[]): Message => ({
  role,
  example: false,
  content,
});

const body = (model: string, messages: readonly Message[], more: Partial<RequestParts> = {}) =>
  countingRequest({ model: { provider: undefined, model }, messages, tools: [], ...more })?.body;

const HELLO = message('user', text('Hel', 'lo'));
const TOOLS = [{ name: 'find' }];

describe('what a provider is asked to count', () => {
  it('has instructions of Claude apart and several texts as blocks', () => {
    const messages = [
      message('system', text('One.')),
      HELLO,
      message('developer', text('Two.')),
      message('assistant', text('a'), text('b')),
    ];
    expect(body('claude-opus-4-7', messages)).toEqual({
      model: 'claude-opus-4-7',
      system: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: 'Two.' },
      ],
      messages: [
        { role: 'user', content: 'Hello' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    });
  });

  it.each([
    ['claude-opus-4-7', 'required', { type: 'any' }],
    ['claude-opus-4-7', 'none', { type: 'none' }],
    ['claude-opus-4-7', 'find', { type: 'tool', name: 'find' }],
    ['claude-opus-4-7', 'auto', undefined],
    ['gpt-4o', 'any', 'required'],
    ['gpt-4o', 'find', { type: 'function', name: 'find' }],
  ])('says for %s which tool is asked for: %s', (model, toolChoice, expected) => {
    const found = body(model, [HELLO], { tools: TOOLS, toolChoice });
    expect(found).toBeDefined();
    expect(found?.['tool_choice']).toEqual(expected);
  });

  it('has the schema of an answer for Claude, and is not known where the schema needs a name', () => {
    const outputSchema = { type: 'object' };
    expect(body('claude-opus-4-7', [HELLO], { outputSchema })?.['output_config']).toEqual({
      format: { type: 'json_schema', schema: outputSchema },
    });
    expect(body('gpt-4o', [HELLO], { outputSchema })).toBeUndefined();
    expect(body('gemini-2.5-pro', [HELLO], { outputSchema })).toBeUndefined();
  });

  const sized: Content = {
    kind: 'text',
    pieces: [{ kind: 'sized', tokens: 5, variable: 'q', varies: true }],
  };
  const image: Content = { kind: 'image', source: { kind: 'remote', url: 'https://a.example/b' } };
  it.each([
    ['only a size', message('user', sized)],
    ['an image', message('user', text('Look'), image)],
    ['history', message('user', { kind: 'unresolved', what: 'history' })],
    ['nothing', message('user')],
    ['an empty text', message('user', text(''))],
    ['a name of the speaker', { ...HELLO, name: 'ana' }],
    ['the answer of a tool', message('tool', text('7'))],
  ])('is not known where a message holds %s', (_what, unknown) => {
    for (const model of ['claude-opus-4-7', 'gpt-4o', 'gemini-2.5-pro'])
      expect(body(model, [HELLO, unknown])).toBeUndefined();
  });

  it('is not known where endpoints want a message and there are instructions alone', () => {
    const alone = [message('system', text('Be brief.'))];
    expect(body('claude-opus-4-7', alone)).toBeUndefined();
    expect(body('gemini-2.5-pro', alone)).toBeUndefined();
    expect(body('gpt-4o', alone)).toEqual({ model: 'gpt-4o', instructions: 'Be brief.' });
    expect(body('gpt-4o', [])).toBeUndefined();
  });

  it('is for the seller who counts, by any spelling, and for no other', () => {
    const sold = (provider: string, model: string) =>
      countingRequest({ model: { provider, model }, messages: [HELLO], tools: [] })?.provider;
    expect(sold('gemini', 'gemini-2.5-pro')).toBe('google');
    expect(sold('Anthropic', 'claude-opus-4-7')).toBe('anthropic');
    expect(sold('bedrock', 'claude-opus-4-7')).toBeUndefined();
    expect(sold('azure', 'gpt-4o')).toBeUndefined();
    expect(body('llama-4', [HELLO])).toBeUndefined();
  });
});

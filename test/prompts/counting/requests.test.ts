import { countChatCompletionTokens } from 'gpt-tokenizer/model/gpt-4o';
import { describe, expect, it } from 'vitest';
import { shippedCountingRules } from '../../../src/config/counting-rules.ts';
import {
  addCounts,
  countOf,
  type TokenCount,
  type TokenCounter,
  type ToolDefinition,
} from '../../../src/prompts/counting/token-count.ts';
import { openTokenCounters } from '../../../src/prompts/counting/token-counters.ts';

const rules = shippedCountingRules();
const counterOf = (model: string, day = '2026-11-21'): Promise<TokenCounter> =>
  openTokenCounters(rules, day)(undefined, model);

interface Message {
  readonly role: string;
  readonly content: string;
  readonly name?: string;
}

const chatTokens = (counter: TokenCounter, messages: readonly Message[]): TokenCount =>
  addCounts(counter.frame(messages), ...messages.map(({ content }) => counter.text(content)));

// The two requests of https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb,
// read 2026-11-21, with the counts that the API returned for them.
const JARGON: readonly Message[] = [
  {
    role: 'system',
    content:
      'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.',
  },
  {
    role: 'system',
    name: 'example_user',
    content: 'New synergies will help drive top-line growth.',
  },
  {
    role: 'system',
    name: 'example_assistant',
    content: 'Things working well together will increase revenue.',
  },
  {
    role: 'system',
    name: 'example_user',
    content:
      "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
  },
  {
    role: 'system',
    name: 'example_assistant',
    content: "Let's talk later when we're less busy about how to do better.",
  },
  {
    role: 'user',
    content:
      "This late pivot means we don't have time to boil the ocean for the client deliverable.",
  },
];
const WEATHER_CHAT: readonly Message[] = [
  {
    role: 'system',
    content: 'You are a helpful assistant that can answer to questions about the weather.',
  },
  { role: 'user', content: "What's the weather like in San Francisco?" },
];
const WEATHER: ToolDefinition = {
  name: 'get_current_weather',
  description: 'Get the current weather in a given location',
  parameters: {
    type: 'object',
    properties: {
      location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' },
      unit: {
        type: 'string',
        description: 'The unit of temperature to return',
        enum: ['celsius', 'fahrenheit'],
      },
    },
    required: ['location'],
  },
};

describe('a chat request', () => {
  it.each([
    ['gpt-4', 129],
    ['gpt-3.5-turbo-0125', 129],
    ['gpt-4o', 124],
    ['gpt-4o-mini', 124],
  ])('of %s has the tokens that the API returned: %d', async (model, tokens) => {
    expect(chatTokens(await counterOf(model), JARGON)).toEqual(countOf(tokens, 'counted'));
  });

  it.each([
    ['gpt-4', 105],
    ['gpt-4o', 101],
  ])('of %s with a tool has the tokens that the API returned: %d', async (model, tokens) => {
    const counter = await counterOf(model);
    const tools = counter.tools([WEATHER], { hasSystem: true });
    expect(addCounts(chatTokens(counter, WEATHER_CHAT), tools).tokens).toBe(tokens);
    expect(tools.source).toBe('estimated');
  });

  it('of a newer model is an estimate that may be more, not less', async () => {
    const count = chatTokens(await counterOf('gpt-5.4'), JARGON);
    expect(count).toMatchObject({ tokens: 124, low: 124, source: 'estimated' });
    // 6 messages of 3, 4 names of 1, 3 for the reply, 6 roles, and names of 2 and 3 tokens twice: 41, and 60 % of it more.
    expect(count.high).toBe(124 - 41 + Math.ceil(41 * 1.6));
  });

  it('without messages or tools takes nothing', async () => {
    const counter = await counterOf('claude-opus-4-7');
    expect(counter.frame([]).tokens).toBe(0);
    expect(counter.tools([], { hasSystem: true }).tokens).toBe(0);
  });
});

const NESTED: ToolDefinition = {
  name: 'file_order',
  parameters: {
    type: 'object',
    properties: {
      lines: {
        type: 'array',
        description: 'what is bought',
        items: {
          type: 'object',
          properties: {
            sku: { type: 'string', description: 'not shown' },
            count: { type: 'integer' },
          },
          required: ['sku'],
        },
      },
      gift: { type: 'boolean' },
      note: { type: 'null' },
      size: { type: 'number', enum: [1, 2, 3] },
      rest: { type: 'array' },
      address: {
        type: 'object',
        description: 'where to',
        properties: { city: { type: 'string' } },
      },
    },
    required: ['lines'],
  },
};

describe('definitions of tools', () => {
  // A user message only: gpt-tokenizer adds the line feed that a system message gains.
  const user = [{ role: 'user', content: 'Where is my order?' }] as const;
  it.each([
    ['one flat tool', [WEATHER]],
    ['nested fields', [NESTED]],
    [
      'several',
      [
        WEATHER,
        NESTED,
        { name: 'now' },
        { name: 'stop', description: 'ends it', parameters: { type: 'object', properties: {} } },
      ],
    ],
  ])('of %s count as gpt-tokenizer counts them', async (_, tools: readonly ToolDefinition[]) => {
    const counter = await counterOf('gpt-4o');
    const functions = tools.map((tool) => ({ ...tool }));
    const request = { messages: user, functions } as unknown as Parameters<
      NonNullable<typeof countChatCompletionTokens>
    >[0];
    expect(
      addCounts(chatTokens(counter, user), counter.tools(tools, { hasSystem: false })).tokens,
    ).toBe(countChatCompletionTokens?.(request));
  });

  it('cost what a choice adds: none one more, a named tool 4 and its name', async () => {
    const counter = await counterOf('gpt-4o');
    const tokens = (choice?: string): number =>
      counter.tools([WEATHER], { hasSystem: false, ...(choice === undefined ? {} : { choice }) })
        .tokens;
    expect(tokens('auto')).toBe(tokens());
    expect(tokens('none')).toBe(tokens() + 1);
    expect(tokens('get_current_weather')).toBe(
      tokens() + 4 + counter.text('get_current_weather').tokens,
    );
  });

  it.each([
    ['claude-opus-4-8', '2026-11-21', 290, 410],
    ['claude-opus-4-7-20260416', '2026-11-21', 675, 804],
    ['claude-opus-4.6', '2026-11-21', 497, 589],
    ['claude-sonnet-4-5', '2026-11-21', 496, 588],
    ['claude-sonnet-4-20250514', '2026-11-21', 313, 315],
    ['claude-sonnet-4-5', '2026-07-12', 346, 313],
    ['claude-3-5-haiku-20241022', '2026-11-21', 264, 355],
    ['claude-opus-5-5', '2026-11-21', 500, 600],
  ])(
    'for %s on %s have a preamble of %d, or %d when one has to be called',
    async (model, day, auto, forced) => {
      const counter = await counterOf(model, day);
      const json = counter.text(
        JSON.stringify([{ name: 'now', input_schema: { type: 'object' } }]),
      ).tokens;
      const tool = { name: 'now', parameters: { type: 'object' } };
      const tokens = (choice: string): number =>
        counter.tools([tool], { hasSystem: true, choice }).tokens;
      expect(
        [tokens('auto'), tokens('none'), tokens('any'), tokens('now')].map((all) => all - json),
      ).toEqual([auto, auto, forced, forced]);
    },
  );

  it('that are hostile are counted and end: no type, deep nesting, keys of Object', async () => {
    const counter = await counterOf('gpt-4o');
    let deep: unknown = { type: 'string' };
    for (let depth = 0; depth < 20_000; depth += 1) deep = { type: 'array', items: deep };
    const odd = JSON.parse(
      '{"properties":{"__proto__":{"type":["string","null"]},"constructor":{"anyOf":[{"type":"integer"},7,null]}},"required":"all"}',
    );
    const parameters = { type: 'object', properties: { deep } };
    for (const model of ['gpt-4o', 'claude-opus-4-8'])
      expect(
        (await counterOf(model)).tools(
          [
            { name: 'a', parameters },
            { name: 'b', parameters: odd },
          ],
          {
            hasSystem: false,
          },
        ).tokens,
      ).toBeGreaterThan(50);
    // namespace functions {\n\ntype b = (_: {\n__proto__?: string | null,\nconstructor?: number | any | any,\n}) => any;\n\n} // namespace functions
    expect(counter.tools([{ name: 'b', parameters: odd }], { hasSystem: false }).tokens).toBe(
      9 +
        counter.text(
          'namespace functions {\n\ntype b = (_: {\n__proto__?: string | null,\nconstructor?: number | any | any,\n}) => any;\n\n} // namespace functions',
        ).tokens,
    );
  });
});

describe('a structured answer', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

  it('takes its schema as a section of the prompt with OpenAI', async () => {
    const counter = await counterOf('gpt-4o');
    const section = `# Response Formats\n\n## place\n\n// where\n${JSON.stringify(schema)}`;
    const wrapped = { name: 'place', description: 'where', strict: true, schema };
    const { tokens } = counter.text(section);
    expect(counter.schema(wrapped)).toMatchObject({
      tokens,
      low: Math.floor(tokens * 0.9),
      high: Math.ceil(tokens * 1.1),
      source: 'estimated',
    });
  });

  it('takes the JSON of its schema elsewhere, whatever is around it', async () => {
    const counter = await counterOf('gemini-2.5-pro');
    const { tokens } = counter.text(JSON.stringify(schema));
    expect(counter.schema(schema).tokens).toBe(tokens);
    expect(counter.schema({ name: 'place', schema }).tokens).toBe(tokens);
  });
});

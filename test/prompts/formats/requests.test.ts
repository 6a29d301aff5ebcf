import { describe, expect, it } from 'vitest';
import anthropicMessages from '../../../src/prompts/formats/anthropic-messages.ts';
import githubModels from '../../../src/prompts/formats/github-models.ts';
import openaiChat from '../../../src/prompts/formats/openai-chat.ts';
import openaiResponses from '../../../src/prompts/formats/openai-responses.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

describe('a body of OpenAI chat completions', () => {
  const files = fixtureFiles('openai-chat');

  it('is its messages, with images where they are and other parts named', async () => {
    const prompt = await readPrompt(openaiChat, files, 'chat.json');
    const rendered = prompt.render(given({ lang: 'French', question: 'Where is it?' }));
    expect(shown(rendered)).toEqual([
      ['system', 'Answer in French.'],
      ['user', 'Where is order 7?'],
      ['assistant', 'On its way.'],
      ['system', 'Is it late?'],
      [
        'user',
        'Where is it?[remote image https://grove.example/hat.png][file image pictures/hat.png][a part of type input_audio]',
      ],
    ]);
    expect(rendered.messages[4]?.content[1]).toMatchObject({ kind: 'image', detail: 'low' });
  });

  it('tells pairs without variables, and messages named example_…, as examples', async () => {
    const prompt = await readPrompt(openaiChat, files, 'chat.json');
    expect(prompt.render(given({})).messages.map(({ example }) => example)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('says its model, tools, schema and limits', async () => {
    const prompt = await readPrompt(openaiChat, files, 'chat.json');
    expect(prompt).toMatchObject({
      name: 'order-help',
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 300,
      reasoningEffort: 'low',
      variables: ['lang', 'question'],
      toolChoice: 'find_order',
      outputSchema: { type: 'object' },
      tools: [
        {
          name: 'find_order',
          description: 'Finds an order',
          parameters: { type: 'object', properties: { id: { type: 'integer' } } },
        },
      ],
    });
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-tools chat.json:30 the tool "web_search" is defined elsewhere, so it is not counted',
    ]);
  });

  it('names variables without a value with the line of their text', async () => {
    const prompt = await readPrompt(openaiChat, files, 'chat.json');
    expect(told(prompt.render(given({ lang: 'French' })).findings)).toEqual([
      'warning undefined-variable chat.json:14 "question" has no value, so nothing is counted for it',
    ]);
  });

  it('may be a bare list of messages, with braces that are no template', async () => {
    const text = '[{"role": "user", "content": "Write {{#x}}"}]';
    const prompt = await readPrompt(openaiChat, { 'a.json': text }, 'a.json');
    expect(shown(prompt.render(given({})))).toEqual([['user', 'Write {{#x}}']]);
    expect(told(prompt.findings)).toEqual([
      'warning template-syntax a.json:1 {{#x}} has no {{/x}}, so the text is counted as it stands',
    ]);
  });

  it('takes a megabyte of a data URL as an image', async () => {
    const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
    const text = JSON.stringify({
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
        { role: 'user', content: `see ${url}!` },
      ],
    });
    const prompt = await readPrompt(openaiChat, { 'a.json': text }, 'a.json');
    const { messages, findings } = prompt.render(given({}));
    expect(messages.map(({ content }) => content.map(({ kind }) => kind))).toEqual([
      ['image'],
      ['text', 'image', 'text'],
    ]);
    expect(JSON.stringify([prompt.findings, findings])).not.toContain('AAAA');
  });

  it.each([
    ['{"messages": [', 'error not-json a.json:1 expected a value, found the end'],
    [
      '{"messages":\n ["a" "b"]}',
      String.raw`error not-json a.json:2 expected "," or "]", found "\""`,
    ],
  ])('tells where %j is broken', async (text, expected) => {
    const { prompts, findings } = await readPrompts(openaiChat, { 'a.json': text }, 'a.json');
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([expected]);
  });
});

describe('a body of OpenAI responses', () => {
  const files = fixtureFiles('openai-responses');

  it('begins with its instructions', async () => {
    const prompt = await readPrompt(openaiResponses, files, 'triage.yaml');
    const values = given({ labels: 'a, b', ticket: 'Late!', photo: 'https://grove.example/a.png' });
    expect(shown(prompt.render(values))).toEqual([
      ['developer', 'Sort tickets.\nUse a, b.\n'],
      ['user', 'Late![remote image https://grove.example/a.png]'],
      ['assistant', 'lookup{}'],
      ['tool', 'found'],
    ]);
    expect(prompt).toMatchObject({
      model: 'gpt-5-mini',
      maxOutputTokens: 50,
      reasoningEffort: 'minimal',
      tools: [{ name: 'lookup', parameters: { type: 'object' } }],
      outputSchema: { type: 'string' },
      variables: ['labels', 'photo', 'ticket'],
    });
    expect(told(prompt.findings)).toEqual([
      'notice approximate-call triage.yaml:10 a call of a tool is counted as its name and what it is given; what the provider writes around them is not known',
    ]);
    expect(told(prompt.render(given({ ticket: '', photo: '' })).findings)).toEqual([
      'warning undefined-variable triage.yaml:4 "labels" has no value, so nothing is counted for it',
    ]);
  });

  it('names text that is kept outside of the repository', async () => {
    const text = '{"model": "gpt-5",\n "prompt": {"id": "pmpt_1"},\n "input": "Hi"}';
    expect(openaiResponses.recognizes('a.json', text)).toBe('likely');
    const prompt = await readPrompt(openaiResponses, { 'a.json': text }, 'a.json');
    expect(told(prompt.findings)).toEqual([
      'error unresolved-prompt a.json:2 prompt "pmpt_1" stands for text that OpenAI keeps, so its size is not known',
    ]);
  });
});

describe('a body of Anthropic messages', () => {
  const files = fixtureFiles('anthropic-messages');

  it('has its system first, taken apart where it may be cached', async () => {
    const prompt = await readPrompt(anthropicMessages, files, 'review.json');
    const rendered = prompt.render(given({ date: 'Monday', contract: 'Text.' }));
    expect(shown(rendered)).toEqual([
      ['system', 'Review contracts.House rules.'],
      ['system', 'Today is Monday.'],
      [
        'user',
        '[data image data:image/png;base64,iVBORw0KGgo=]Clause 1[a part of type document]Text.',
      ],
    ]);
    expect(rendered.messages.map(({ cacheBreakpoint }) => cacheBreakpoint)).toEqual([
      { ttl: '1h' },
      undefined,
      {},
    ]);
    expect(prompt).toMatchObject({
      model: 'claude-haiku-4-5',
      maxOutputTokens: 1024,
      toolChoice: 'required',
      tools: [{ name: 'flag', description: 'Flags a clause', parameters: { type: 'object' } }],
    });
  });

  it('is told from a body of OpenAI by its system, its tools or its model', () => {
    const body = (more: string): string =>
      `{"messages": [{"role": "user", "content": "a"}]${more}}`;
    for (const more of ['', ', "model": "gpt-4o", "max_tokens": 9'])
      expect(
        [anthropicMessages, openaiChat].map(({ recognizes }) => recognizes('a.json', body(more))),
      ).toEqual(['no', 'likely']);
    for (const more of [
      ', "system": "s"',
      ', "model": "claude-opus-5"',
      ', "tools": [{"name": "a", "input_schema": {}}]',
    ])
      expect(
        [anthropicMessages, openaiChat].map(({ recognizes }) => recognizes('a.json', body(more))),
      ).toEqual(['likely', 'no']);
  });
});

describe('calls of tools in a request', () => {
  it('are counted with what they are given in a chat', async () => {
    const text = JSON.stringify({
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', function: { name: 'tides', arguments: '{"port": "{{p}}"}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: '4 m' },
      ],
    });
    const prompt = await readPrompt(openaiChat, { 'a.json': text }, 'a.json');
    expect(prompt.variables).toEqual(['p']);
    expect(shown(prompt.render(given({ p: 'Brest' })))).toEqual([
      ['assistant', 'tides{"port": "Brest"}'],
      ['tool', '4 m'],
    ]);
    expect(prompt.findings.map(({ level, code }) => [level, code])).toEqual([
      ['notice', 'approximate-call'],
    ]);
  });

  it('are counted with what they are given in a message of Anthropic, as results of a search are', async () => {
    const text = JSON.stringify({
      max_tokens: 9,
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't', name: 'tides', input: { port: 'Brest' } }],
        },
        {
          role: 'user',
          content: [{ type: 'search_result', content: [{ type: 'text', text: '4 m' }] }],
        },
      ],
    });
    const prompt = await readPrompt(anthropicMessages, { 'a.json': text }, 'a.json');
    expect(shown(prompt.render(new Map()))).toEqual([
      ['assistant', 'tides{"port":"Brest"}'],
      ['user', '4 m'],
    ]);
  });
});

describe('a prompt of GitHub Models', () => {
  const files = fixtureFiles('github-models');

  it('is its messages, with test data as samples', async () => {
    const prompt = await readPrompt(githubModels, files, 'chat.prompt.yml');
    const [french, german] = prompt.samples;
    expect([french?.name, german?.name]).toEqual(['1', '2']);
    expect(shown(prompt.render(french?.values ?? new Map()))).toEqual([
      ['system', 'Answer in French.'],
      ['user', 'Question:\nWhere is my order?\n'],
    ]);
    expect(french?.values.get('q')).toEqual({
      value: 'Where is my order?',
      origin: { file: 'chat.prompt.yml', line: 14, column: 24 },
    });
    expect(prompt).toMatchObject({
      name: 'Where is it',
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 120,
      outputSchema: { type: 'string' },
      variables: ['lang', 'q'],
    });
    expect(told(prompt.render(given({ lang: 'x' })).findings)).toEqual([
      'warning undefined-variable chat.prompt.yml:12 "q" has no value, so nothing is counted for it',
    ]);
  });

  it('says what is missing where it has no messages', async () => {
    const { findings } = await readPrompts(
      githubModels,
      { 'a.prompt.yml': 'name: a\nmessages: hello' },
      'a.prompt.yml',
    );
    expect(told(findings)).toEqual([
      'error unexpected-value a.prompt.yml:2 expected a list of messages under "messages", found "hello"',
    ]);
  });
});

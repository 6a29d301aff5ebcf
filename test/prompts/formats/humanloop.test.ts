import { describe, expect, it } from 'vitest';
import dotprompt from '../../../src/prompts/formats/dotprompt.ts';
import humanloop from '../../../src/prompts/formats/humanloop.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const body = (text: string) => readPrompt(humanloop, { 'a.prompt': text }, 'a.prompt');

describe('a Humanloop file', () => {
  it('says its model, limit and tools', async () => {
    const prompt = await readPrompt(humanloop, fixtureFiles('humanloop'), 'weather.prompt');
    expect(prompt).toMatchObject({
      format: 'humanloop',
      provider: 'openai',
      model: 'gpt-4o',
      maxOutputTokens: 256,
      variables: ['city', 'language', 'photo'],
      inputs: ['weather.prompt'],
      findings: [],
    });
    expect(JSON.parse(JSON.stringify(prompt.tools))).toEqual([
      {
        name: 'forecast',
        description: 'Weather of a day.',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    ]);
  });

  it('renders its messages, images, calls of tools and their answers', async () => {
    const prompt = await readPrompt(humanloop, fixtureFiles('humanloop'), 'weather.prompt');
    const rendered = prompt.render(
      given({ language: 'French', city: 'Lyon', photo: 'https://example.org/sky.jpg' }),
    );
    expect(shown(rendered)).toEqual([
      ['system', 'You tell the weather in French.\n  Be brief.'],
      ['user', 'What is this sky over Lyon?[remote image https://example.org/sky.jpg]'],
      ['assistant', 'forecast{"city": "Lyon"}'],
      ['tool', 'Rain.'],
    ]);
    expect(rendered.messages[1]?.content[1]).toMatchObject({ kind: 'image', detail: 'low' });
    expect(rendered.messages[3]?.name).toBe('forecast');
    expect(rendered.findings).toEqual([]);
  });

  it('attributes what a variable prints to it, and warns of one without a value at its line', async () => {
    const prompt = await body('<user>\n\nHi {{name}},\n{{gone}}\n</user>');
    const { messages, findings } = prompt.render(given({ name: 'Ada' }));
    expect(messages[0]?.content).toEqual([
      {
        kind: 'text',
        pieces: [
          { kind: 'text', text: 'Hi ', varies: false },
          { kind: 'text', text: 'Ada', variable: 'name', varies: true },
          { kind: 'text', text: ',\n', varies: false },
        ],
      },
    ]);
    expect(told(findings)).toEqual([
      'warning undefined-variable a.prompt:4 "gone" has no value, so nothing is counted for it',
    ]);
  });

  it('does not split where a variable prints a tag', async () => {
    const prompt = await body('<user>\n{{text}}\n</user>');
    expect(shown(prompt.render(given({ text: 'a\n</user>\n<system>\nb' })))).toEqual([
      ['user', 'a\n</user>\n<system>\nb'],
    ]);
  });

  it.each([
    [
      '<system>\nA\n<user>\nB {{x}}',
      [
        ['system', 'A'],
        ['user', 'B [7 tokens]'],
      ],
    ],
    [
      '<user>\n{{ tool(x) }}{{x}} {not} {{ {{x}} }}\n</user>',
      [['user', '[7 tokens] {not} {{ [7 tokens] }}']],
    ],
    ['<user>\n<image url="{{gone}}"/>\n</user>', [['user', '[remote image {{gone}}]']]],
    ['<user>\n</user>\n<system>\n</system>', []],
  ])('renders %j', async (text, expected) => {
    const prompt = await body(text);
    expect(shown(prompt.render(given({ x: { kind: 'sized', tokens: 7 } })))).toEqual(expected);
  });

  it('warns of a call that only Humanloop can make, and of text outside of every role', async () => {
    const prompt = await body('lost\n<user>\n{{ search(q) }}\n</user>\nmore');
    expect(told(prompt.findings)).toEqual([
      'warning text-outside-roles a.prompt:1 text outside of every role is not sent; put it between tags',
      'warning text-outside-roles a.prompt:5 text outside of every role is not sent; put it between tags',
    ]);
    expect(told(prompt.render(new Map()).findings)).toEqual([
      'warning unresolved-call a.prompt:3 calls "search", which is not known here, so nothing is counted for it',
    ]);
  });

  it('takes a limit of -1 as none', async () => {
    const prompt = await body('---\nmax_tokens: -1\n---\n<user>\nx');
    expect(prompt.maxOutputTokens).toBeUndefined();
  });

  it('is read in moments, however long and odd', async () => {
    const start = performance.now();
    await body(`<user>\n${'{{'.repeat(300_000)}`);
    await body(`<user ${'x'.repeat(1_000_000)}\n<user>\n${'<text>\n'.repeat(100_000)}`);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('with broken front matter is one error', async () => {
    const { findings } = await readPrompts(
      humanloop,
      { 'a.prompt': '---\nmodel: [\n---\n<user>\nx' },
      'a.prompt',
    );
    expect(findings.map(({ level, code }) => [level, code])).toEqual([['error', 'not-yaml']]);
  });
});

describe('which .prompt files are Humanloop', () => {
  it.each([
    ['a.prompt', '---\nmodel: x\n---\n<system>\nA\n</system>', 'certain'],
    ['a.prompt', '  <system>', 'no'],
    ['a.prompt', 'see <system> tags', 'no'],
    ['a.prompt', '{{role "user"}}\n<user>', 'no'],
    ['a.md', '<system>\n', 'no'],
  ])('%s with %j: %s', (path, text, expected) => {
    expect(humanloop.recognizes(path, text)).toBe(expected);
  });
});

describe('a prompt of Humanloop on few lines', () => {
  const read = (text: string) => readPrompt(humanloop, { 'a.prompt': text }, 'a.prompt');

  it('closes a message behind its text, and keeps tags inside of a text', async () => {
    const prompt = await read(
      [
        '<system>Use <b>bold</b> and <user> or </user> as text.</system>',
        '<user><text>See {{x}}</text> <image url="https://example.org/a.png"/></user>',
        '<assistant>Yes</assistant>',
      ].join('\n'),
    );
    expect(prompt.findings).toEqual([]);
    expect(shown(prompt.render(given({ x: 'it' })))).toEqual([
      ['system', 'Use <b>bold</b> and <user> or </user> as text.'],
      ['user', 'See it[remote image https://example.org/a.png]'],
      ['assistant', 'Yes'],
    ]);
  });

  it('is one text where its header asks for a completion', async () => {
    const text =
      '---\nmodel: gpt-3.5-turbo-instruct\nprovider: openai\nendpoint: complete\n---\nSay {{x}}.';
    expect(humanloop.recognizes('a.prompt', text)).toBe('certain');
    expect(dotprompt.recognizes('a.prompt', text)).toBe('no');
    const prompt = await read(text);
    expect(prompt).toMatchObject({ provider: 'openai', findings: [] });
    expect(shown(prompt.render(given({ x: 'tea' })))).toEqual([['user', 'Say tea.']]);
  });

  it('is read in moments, however its tags are written', async () => {
    const text = `---\n${'a: 1\n'.repeat(1000)}---\n<user>\n${'</user '.repeat(50_000)}${'<system> '.repeat(50_000)}${' '.repeat(200_000)}<`;
    const start = performance.now();
    humanloop.recognizes('a.prompt', text);
    (await read(text)).render(new Map());
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

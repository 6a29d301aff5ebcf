import { describe, expect, it } from 'vitest';
import langchain from '../../../src/prompts/formats/langchain.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const files = fixtureFiles('langchain');

describe('a prompt of LangChain', () => {
  it('has examples between prefix and suffix, whose text is no variable', async () => {
    const prompt = await readPrompt(langchain, files, 'few_shot.json');
    const rendered = prompt.render(given({ w: 'big' }));
    expect(shown(rendered)).toEqual([
      ['user', 'Antonyms:\n\nhot -> cold\n\ntall -> {short}\n\nbig ->'],
    ]);
    const [content] = rendered.messages[0]!.content;
    expect(content).toEqual({
      kind: 'text',
      pieces: [
        { kind: 'text', text: 'Antonyms:\n\nhot -> cold\n\ntall -> {short}\n\n', varies: false },
        { kind: 'text', text: 'big', variable: 'w', varies: true },
        { kind: 'text', text: ' ->', varies: false },
      ],
    });
    expect(prompt.variables).toEqual(['w']);
  });

  it('takes prefix, examples and their template from files', async () => {
    const prompt = await readPrompt(langchain, files, 'from-files.yaml');
    expect(shown(prompt.render(given({ w: 'coat', lang: 'French' })))).toEqual([
      ['user', 'Say in French:\n- hat\ncoat?'],
    ]);
    expect(prompt.findings).toEqual([]);
  });

  it('has the messages of a serialized chat, with fixed values as constant defaults', async () => {
    const prompt = await readPrompt(langchain, files, 'chat.json');
    expect(prompt.defaults.get('shop')).toMatchObject({ value: 'Grove', constant: true });
    expect(
      shown(
        prompt.render(
          new Map([
            ...prompt.defaults,
            ...given({ q: 'Where?', photo: 'https://grove.example/a.png' }),
          ]),
        ),
      ),
    ).toEqual([
      ['system', 'You serve Grove. {json}'],
      ['user', '[the messages of "history"]'],
      ['assistant', 'Hello {as it is}'],
      ['user', 'Where?[remote image https://grove.example/a.png]'],
    ]);
    expect(prompt.variables).toEqual(['photo', 'q', 'shop']);
  });

  it.each([
    [
      '{"_type": "prompt", "template": "{"}',
      'error template-syntax a.json:1 a { without its }; write {{ for a brace',
    ],
    [
      '{"_type": "prompt",\n "template_path": "gone.txt"}',
      'error missing-file gone.txt: "gone.txt" is not there',
    ],
    [
      '{"_type": "prompt"}',
      'error unexpected-value a.json:1 expected a "template", a "template_path", or "examples"',
    ],
    [
      '{"_type": "few_shot", "examples": [], "example_prompt_path": "a.json", "suffix": ""}',
      'error include-cycle a.json: "a.json" is part of itself, or of more than 5 prompts inside of each other',
    ],
  ])('%s is an error', async (text, expected) => {
    const { prompts } = await readPrompts(langchain, { 'a.json': text }, 'a.json');
    expect(told(prompts[0]!.findings)).toEqual([expected]);
  });
});

/** An object as LangChain serializes it. */
const saved = (name: string, kwargs: object) => ({
  lc: 1,
  type: 'constructor',
  id: ['langchain', 'prompts', name],
  kwargs,
});

const asking = saved('StructuredPrompt', {
  schema_: { title: 'Port', type: 'object', properties: { depth: { type: 'integer' } } },
  messages: [
    saved('HumanMessagePromptTemplate', {
      prompt: saved('PromptTemplate', { template: 'Say {x}.', template_format: 'f-string' }),
    }),
  ],
});

describe('a prompt of LangChain in another envelope', () => {
  const read = (text: string, path = 'a.json') => readPrompt(langchain, { [path]: text }, path);

  it.each([
    ['a.yaml', 'input_variables: [x]\ntemplate: "Say {x}."\n'],
    ['a.yaml', "input_variables: []\ntemplate: 'Say tea.'\ntemplate_format: f-string\n"],
    ['a.json', '{"input_variables": ["x"], "output_parser": null, "template": "Say {x}."}'],
  ])('without a type is a prompt where it lists its variables: %s %j', async (path, text) => {
    expect(langchain.recognizes(path, text)).toBe('certain');
    const prompt = await read(text, path);
    expect(shown(prompt.render(given({ x: 'tea' })))).toEqual([['user', 'Say tea.']]);
  });

  it.each([
    'input_variables:\n  - name: x\ntemplate: "Say {{$x}}."\n',
    'input_variables: []\ntemplate: "Say tea."\ntemplate_format: handlebars\n',
    'input_variables: [x]\n',
    '_type: llm_chain\ninput_variables: [x]\ntemplate: "Say {x}."\n',
  ])('is not told by its fields alone: %j', (text) => {
    expect(langchain.recognizes('a.yaml', text)).toBe('no');
  });

  it('has its messages as a list of roles and texts in files of chats', async () => {
    const prompt = await read(
      JSON.stringify({
        _type: 'chat',
        input_variables: ['x'],
        partial_variables: { tone: 'kind' },
        template: [
          { role: 'system', content: 'Be {tone}.' },
          { role: 'human', content: 'Say {x}.' },
        ],
      }),
    );
    expect(prompt.findings).toEqual([]);
    expect(shown(prompt.render(new Map([...prompt.defaults, ...given({ x: 'tea' })])))).toEqual([
      ['system', 'Be kind.'],
      ['user', 'Say tea.'],
    ]);
  });

  it('is the manifest of a commit, with the schema of its answer', async () => {
    const text = JSON.stringify({ commit_hash: 'c0ffee', manifest: asking, examples: [] });
    expect(langchain.recognizes('a.json', text)).toBe('certain');
    const prompt = await read(text);
    expect(shown(prompt.render(given({ x: 'tea' })))).toEqual([['user', 'Say tea.']]);
    expect(prompt.outputSchema).toMatchObject({ title: 'Port' });
    expect(prompt.model).toBeUndefined();
  });

  it('stands before a model with tools in a sequence', async () => {
    const text = JSON.stringify(
      saved('RunnableSequence', {
        first: asking,
        last: saved('RunnableBinding', {
          bound: saved('ChatOpenAI', { model_name: 'gpt-4o', max_tokens: 90 }),
          kwargs: { tools: [{ type: 'function', function: { name: 'tides' } }] },
        }),
      }),
    );
    expect(langchain.recognizes('a.json', text)).toBe('certain');
    const prompt = await read(text);
    expect(prompt).toMatchObject({ model: 'gpt-4o', maxOutputTokens: 90 });
    expect(prompt.tools.map(({ name }) => name)).toEqual(['tides']);
    expect(shown(prompt.render(given({ x: 'tea' })))).toEqual([['user', 'Say tea.']]);
  });
});

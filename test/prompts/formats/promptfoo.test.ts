import { describe, expect, it } from 'vitest';
import promptfoo from '../../../src/prompts/formats/promptfoo.ts';
import { fixtureFiles, given, readPrompts, shown, told } from './prompt-files.ts';

const files = fixtureFiles('promptfoo');
const read = async () => readPrompts(promptfoo, files, 'promptfooconfig.yaml');

describe('a config of promptfoo', () => {
  it('has a prompt for each text: written out, in files, in parts of files, matched by a pattern', async () => {
    const { prompts, findings } = await read();
    expect(prompts.map(({ name, path, line }) => [name, path, line])).toEqual([
      ['promptfooconfig.yaml:3', 'promptfooconfig.yaml', 3],
      ['prompts/two.txt:1', 'prompts/two.txt', 1],
      ['prompts/two.txt:4', 'prompts/two.txt', 4],
      ['prompts/chat.json', 'prompts/chat.json', 1],
      ['yaml chat', 'prompts/chat.yaml', 1],
    ]);
    expect(told(findings)).toEqual([
      'error unresolved-prompt promptfooconfig.yaml:8 "prompts/made.py:build" is made by a program, which is not run, so its size is not known',
    ]);
  });

  it('renders each with Nunjucks', async () => {
    const { prompts } = await read();
    const values = given({ text: 'hat', lang: 'French' });
    expect(prompts.map((prompt) => shown(prompt.render(values)))).toEqual([
      [['user', 'Translate hat to French.']],
      [['user', 'First hat']],
      [['user', 'Second oui']],
      [
        ['system', 'Be French'],
        ['user', 'HAT'],
      ],
      [['user', 'Hi\n\n']],
    ]);
    expect(told(prompts[4]!.render(values).findings)).toEqual([
      'warning undefined-variable prompts/chat.yaml:4 "gone" has no value, so nothing is counted for it',
    ]);
  });

  it('takes values of tests as samples, one for each value of a list, and those of the default test as defaults', async () => {
    const { prompts } = await read();
    const [prompt] = prompts;
    expect(
      prompt?.samples.map(({ name, values }) => [
        name,
        [...values].map(([key, { value }]) => `${key}=${JSON.stringify(value)}`),
      ]),
    ).toEqual([
      ['hat.1', ['text="hat"', 'items="a"']],
      ['hat.2', ['text="hat"', 'items="b"']],
      ['2', [String.raw`text="A long text.\n"`]],
    ]);
    expect(prompt?.samples[2]?.values.get('text')?.origin).toEqual({
      file: 'samples/long.md',
      line: 1,
    });
    expect(prompt?.defaults.get('lang')).toEqual({
      value: 'French',
      origin: { file: 'promptfooconfig.yaml', line: 16, column: 17 },
    });
  });

  it('is counted for its first provider, and says so where there are more', async () => {
    const { prompts } = await read();
    expect(prompts[0]).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 99,
      tools: [{ name: 'find', parameters: { type: 'object' } }],
      inputs: ['promptfooconfig.yaml'],
    });
    expect(prompts[1]?.inputs).toEqual(['promptfooconfig.yaml', 'prompts/two.txt']);
    expect(told(prompts[0]!.findings)).toEqual([
      'notice several-providers promptfooconfig.yaml:10 is sent to 2 providers; counted for the first, "openai:chat:gpt-4o-mini"',
    ]);
  });

  it.each([
    ['openai:gpt-4o', { provider: 'openai', model: 'gpt-4o' }],
    ['openai:responses:gpt-5', { provider: 'openai', model: 'gpt-5' }],
    [
      'bedrock:anthropic.claude-haiku-4-5-v1:0',
      { provider: 'bedrock', model: 'anthropic.claude-haiku-4-5-v1:0' },
    ],
    ['file://own.js', {}],
  ])('takes the provider %s apart', async (id, expected) => {
    const text = `prompts: [a]\nproviders: ["${id}"]`;
    const { prompts } = await readPrompts(
      promptfoo,
      { 'promptfooconfig.yaml': text },
      'promptfooconfig.yaml',
    );
    const { provider, model } = prompts[0]!;
    expect(JSON.parse(JSON.stringify({ provider, model }))).toEqual(expected);
  });

  it('names what it cannot read', async () => {
    const text =
      'prompts: [none*.txt, "file://../out.txt", {a: 1}]\ntests: file://tests.csv\nproviders: []';
    const { prompts, findings } = await readPrompts(
      promptfoo,
      { 'promptfooconfig.yaml': text },
      'promptfooconfig.yaml',
    );
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([
      'notice unread-samples promptfooconfig.yaml:2 "file://tests.csv" is no YAML or JSON, so its tests are not read',
      'error missing-file promptfooconfig.yaml:1 "none*.txt" matches no file',
      'error include-outside promptfooconfig.yaml:1 "../out.txt" is outside of the repository, so it is not read; name a file inside it',
      'error unexpected-value promptfooconfig.yaml:1 expected a prompt, found keys and values',
    ]);
  });

  it('says that a chat which is JSON only once it is rendered is counted as one text', async () => {
    const chat =
      '[{% for i in items %}{"role": "user", "content": "{{ i }}"},{% endfor %}\n{"role": "user", "content": "x"}]';
    const { prompts } = await readPrompts(
      promptfoo,
      { 'promptfooconfig.yaml': 'prompts: [file://a.json]\nproviders: []', 'a.json': chat },
      'promptfooconfig.yaml',
    );
    expect(told(prompts[0]!.findings)).toEqual([
      'warning unparsed-chat a.json:1 looks like a chat that is JSON only once it is rendered, so it is counted as one text',
    ]);
  });

  it('keeps combinations of lists of values within bounds', async () => {
    const list = `[${Array.from({ length: 30 }, (_, index) => `v${index}`).join(',')}]`;
    const text = `prompts: [a]\nproviders: []\ntests: [{vars: {a: ${list}, b: ${list}, c: ${list}, d: ${list}}}]`;
    const { prompts } = await readPrompts(
      promptfoo,
      { 'promptfooconfig.yaml': text },
      'promptfooconfig.yaml',
    );
    expect(prompts[0]!.samples).toHaveLength(200);
  });

  const one = async (text: string, more: Readonly<Record<string, string>> = {}) => {
    const path = 'promptfooconfig.yaml';
    const found = await readPrompts(promptfoo, { [path]: text, ...more }, path);
    return { ...found, prompt: found.prompts[0]! };
  };

  it('takes a list of turns as one value, where texts would be a test each', async () => {
    const { prompt } = await one(
      'prompts: ["{% for turn in past %}{% for who, said in turn %}{{ who }}: {{ said }};{% endfor %}{% endfor %}"]\n' +
        'tests:\n  - vars:\n      past: [{user: Hi}, {assistant: Yes}]\n',
    );
    expect(prompt.samples).toHaveLength(1);
    expect(shown(prompt.render(prompt.samples[0]!.values))).toEqual([
      ['user', 'user: Hi;assistant: Yes;'],
    ]);
  });

  it('reads values of a test, and the default test, from files', async () => {
    const { prompt, findings } = await one(
      'prompts: ["{{ a }} {{ b }}"]\ndefaultTest: file://all.yaml\ntests: [{vars: file://one.json}]\n',
      { 'all.yaml': 'vars: {a: x}', 'one.json': '{"b": "y"}' },
    );
    expect(findings).toEqual([]);
    expect(
      shown(prompt.render(new Map([...prompt.defaults, ...prompt.samples[0]!.values]))),
    ).toEqual([['user', 'x y']]);
  });

  it('without prompts sends what its tests say', async () => {
    const { prompt, findings } = await one(
      'targets: [openai:gpt-4o]\nredteam: {purpose: shop}\ntests: [{vars: {prompt: Hello}}]\n',
    );
    expect(findings).toEqual([]);
    expect(shown(prompt.render(prompt.samples[0]!.values))).toEqual([['user', 'Hello']]);
  });

  it.each([
    [
      'bedrock:converse:us.anthropic.claude-sonnet-4-6',
      'bedrock',
      'us.anthropic.claude-sonnet-4-6',
    ],
    ['adaline:openai:chat:gpt-4.1-mini', 'openai', 'gpt-4.1-mini'],
  ])('finds the model in %s', async (id, provider, model) => {
    const { prompt } = await one(`prompts: [a]\nproviders: [${id}]\n`);
    expect([prompt.provider, prompt.model]).toEqual([provider, model]);
  });

  it.each(['maxTokens: 90', 'generationConfig: {maxOutputTokens: 90}'])(
    'has its limit as %s',
    async (limit) => {
      const { prompt } = await one(
        `prompts: [a]\nproviders:\n  - id: google:gemini-2.5-flash\n    config:\n      ${limit}\n`,
      );
      expect(prompt.maxOutputTokens).toBe(90);
    },
  );

  it('reads tools and the schema of an answer from files, and warns of what no file says', async () => {
    const config = (tools: string) =>
      `prompts: [a]\nproviders:\n  - id: anthropic:messages:claude-sonnet-4-6\n    config:\n      tools: ${tools}\n      output_format: file://answer.json\n`;
    const more = {
      'tools.json': '[{"name": "book", "input_schema": {"type": "object"}}]',
      'answer.json': '{"type": "json_schema", "schema": "file://shape.json"}',
      'shape.json': '{"type": "object", "properties": {"a": {"type": "string"}}}',
    };
    const { prompt } = await one(config('file://tools.json'), more);
    expect(prompt.tools.map(({ name }) => name)).toEqual(['book']);
    expect(prompt.outputSchema).toMatchObject({ properties: { a: { type: 'string' } } });
    const made = await one(config('file://tools.py'), more);
    expect(told(made.prompt.findings)).toEqual([
      'warning unresolved-content promptfooconfig.yaml:5 "file://tools.py" is no YAML or JSON, so nothing is counted for it',
    ]);
  });
});

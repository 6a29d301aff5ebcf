import { describe, expect, it } from 'vitest';
import semanticKernel from '../../../src/prompts/formats/semantic-kernel.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const FILES = fixtureFiles('semantic-kernel');
const SUMMARIZE = 'Summarize/skprompt.txt';
const body = (text: string) => readPrompt(semanticKernel, { 'skprompt.txt': text }, 'skprompt.txt');

describe('a skprompt.txt of Semantic Kernel', () => {
  it('takes its model, limit and defaults from the config.json beside it', async () => {
    const prompt = await readPrompt(semanticKernel, FILES, SUMMARIZE);
    expect(prompt).toMatchObject({
      name: 'Summarize',
      format: 'semantic-kernel',
      model: 'gpt-4o-mini',
      maxOutputTokens: 120,
      variables: ['audience', 'input', 'picture'],
      inputs: ['Summarize/config.json', SUMMARIZE],
      findings: [],
    });
    expect([...prompt.defaults]).toEqual([
      [
        'audience',
        { value: 'managers', origin: { file: 'Summarize/config.json', line: 8, column: 37 } },
      ],
    ]);
  });

  it('renders messages, images and texts, and warns of functions that code defines', async () => {
    const prompt = await readPrompt(semanticKernel, FILES, SUMMARIZE);
    const rendered = prompt.render(
      new Map([...prompt.defaults, ...given({ input: 'a &amp; <message>', picture: 'cat' })]),
    );
    expect(shown(rendered)).toEqual([
      ['system', 'You summarize for managers & nobody else.'],
      ['user', 'a &amp; <message>[remote image https://example.org/cat.png]as said'],
    ]);
    expect(told(rendered.findings)).toEqual([
      'warning unresolved-call Summarize/skprompt.txt:5 calls "Calendar.Today", which is not known here, so nothing is counted for it',
    ]);
  });

  it('without tags is one message of the user, as it stands', async () => {
    const prompt = await body('Say {{$x}}.\n{{ not a name }} {{}} {{$}}');
    expect(prompt.model).toBeUndefined();
    expect(shown(prompt.render(given({ x: { kind: 'sized', tokens: 12 } })))).toEqual([
      ['user', 'Say [12 tokens].\n {{}} {{$}}'],
    ]);
  });

  it('warns of text outside of every message', async () => {
    const prompt = await body('lost <message role="user">a</message>');
    const rendered = prompt.render(new Map());
    expect(shown(rendered)).toEqual([['user', 'a']]);
    expect(told(rendered.findings)).toEqual([
      'warning text-outside-roles skprompt.txt: text outside of every message is not sent: "lost"',
    ]);
  });

  it('is text as it stands where its messages have no role: they are examples in XML', async () => {
    const text = '<case>\n<message>No.</message>\n</case>\n{{$x}}';
    const rendered = (await body(text)).render(given({ x: 'Why?' }));
    expect(shown(rendered)).toEqual([['user', '<case>\n<message>No.</message>\n</case>\nWhy?']]);
    expect(rendered.findings).toEqual([]);
  });

  it('keeps a message without a role inside of one that has a role', async () => {
    const text = '<message role="system">Say <message>No. or nothing.</message>';
    expect(shown((await body(text)).render(new Map()))).toEqual([
      ['system', 'Say <message>No. or nothing.'],
    ]);
  });

  it('with a broken config is an error that names its line', async () => {
    const files = { 'skprompt.txt': 'x', 'config.json': '{\n  "a": }' };
    const prompt = await readPrompt(semanticKernel, files, 'skprompt.txt');
    expect(told(prompt.findings)).toEqual([
      'error not-json config.json:2 expected a value, found "}"',
    ]);
  });
});

describe('a YAML prompt of Semantic Kernel', () => {
  it('renders Handlebars with messages as blocks', async () => {
    const prompt = await readPrompt(semanticKernel, FILES, 'story.yaml');
    expect(prompt).toMatchObject({
      name: 'GenerateStory',
      maxOutputTokens: 900,
      variables: ['topics'],
    });
    expect(shown(prompt.render(prompt.defaults))).toEqual([
      ['system', 'You tell stories.'],
      ['user', 'About cats'],
    ]);
  });

  it('names the line of what is wrong in its template', async () => {
    const files = { 'a.yaml': 'template_format: handlebars\ntemplate: |\n  a\n  {{#if x}' };
    const { findings } = await readPrompts(semanticKernel, files, 'a.yaml');
    expect(findings.map(({ code, origin }) => [code, origin?.line])).toEqual([
      ['template-syntax', 4],
    ]);
  });

  it('of a language that is not rendered has no size, and says so', async () => {
    const files = { 'a.yaml': 'template_format: razor\ntemplate: "@if (x) {}"' };
    const prompt = await readPrompt(semanticKernel, files, 'a.yaml');
    expect(told(prompt.findings)).toEqual([
      'error unresolved-engine a.yaml:2 templates of "razor" are not rendered; write it for semantic-kernel, handlebars or jinja2, or leave the prompt out',
    ]);
    expect(prompt.render(new Map()).messages).toEqual([]);
  });

  it.each([
    ['jinja2', []],
    [
      'liquid',
      [
        'warning approximate-engine a.yaml:3 is read as Jinja, whose variables, conditions and loops Liquid shares',
      ],
    ],
  ])('renders loops and roles of %s', async (language, findings) => {
    const lines = [
      `template_format: ${language}`,
      'template: |',
      '  <message role="system">Help {{ who.name }}.</message>',
      '  {% for turn in past %}<message role="{{ turn.role }}">{{ turn.text }}</message>{% endfor %}',
    ];
    const prompt = await readPrompt(semanticKernel, { 'a.yaml': lines.join('\n') }, 'a.yaml');
    expect(told(prompt.findings)).toEqual(findings);
    const rendered = prompt.render(
      given({
        who: new Map([['name', 'Ada']]),
        past: [
          new Map([
            ['role', 'assistant'],
            ['text', 'Yes?'],
          ]),
        ],
      }),
    );
    expect(shown(rendered)).toEqual([
      ['system', 'Help Ada.'],
      ['assistant', 'Yes?'],
    ]);
    expect(rendered.findings).toEqual([]);
  });

  it('goes to the first service that names a model, and warns of the functions that are sent with it', async () => {
    const lines = [
      'template: Say tea.',
      'execution_settings:',
      '  default: {max_tokens: 5}',
      '  near:',
      '    model_id: gpt-4o',
      '    max_tokens: 60',
      '    function_choice_behavior: {type: auto, functions: [Clock.Now]}',
      '  far: {model_id: gpt-4o-mini}',
    ];
    const prompt = await readPrompt(semanticKernel, { 'a.yaml': lines.join('\n') }, 'a.yaml');
    expect(prompt).toMatchObject({ model: 'gpt-4o', maxOutputTokens: 60 });
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-tools a.yaml:7 the functions "Clock.Now" are sent as tools that code defines, so they are not counted',
    ]);
  });

  it.each([
    [
      'auto',
      ['all functions of the kernel are sent as tools that code defines, so they are not counted'],
    ],
    ['none', []],
  ])('may leave the choice of functions to %s', async (type, messages) => {
    const text = `template: Say tea.\nexecution_settings:\n  - model_id: gpt-4o\n    function_choice_behavior: {type: ${type}}`;
    const prompt = await readPrompt(semanticKernel, { 'a.yaml': text }, 'a.yaml');
    expect(prompt.model).toBe('gpt-4o');
    expect(prompt.findings.map(({ message }) => message)).toEqual(messages);
  });

  it('without a template is an error', async () => {
    const files = { 'a.yaml': 'name: x\ntemplate: [1]' };
    const { prompts, findings } = await readPrompts(semanticKernel, files, 'a.yaml');
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([
      'error unexpected-value a.yaml:2 expected a text under template',
    ]);
  });
});

describe('which files are of Semantic Kernel', () => {
  it.each([
    ['a/skprompt.txt', 'x', 'certain'],
    ['a.yaml', 'template_format: semantic-kernel\ntemplate: x', 'certain'],
    ['a.yml', 'template: x\nexecution_settings: {}', 'likely'],
    ['a.yaml', '_type: prompt\ntemplate: x\ninput_variables: [a]', 'no'],
    ['a.yaml', 'a: 1', 'no'],
    ['a.txt', 'template: x\nexecution_settings: {}', 'no'],
  ])('%s with %j: %s', (path, text, expected) => {
    expect(semanticKernel.recognizes(path, text)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import prompty from '../../../src/prompts/formats/prompty.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const FILES = fixtureFiles('prompty');
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const body = (text: string) => readPrompt(prompty, { 'a.prompty': text }, 'a.prompty');

describe('a Prompty file of version 2', () => {
  it('says its model, limit, inputs and what it is named', async () => {
    const prompt = await readPrompt(prompty, FILES, 'guide.prompty');
    expect(prompt).toMatchObject({
      name: 'travel-guide',
      format: 'prompty',
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 300,
      variables: ['city', 'days', 'map', 'talk'],
      inputs: ['guide.prompty'],
    });
    expect([...prompt.defaults]).toEqual([
      ['days', { value: 2, origin: { file: 'guide.prompty', line: 10, column: 34 } }],
    ]);
    expect(prompt.samples.map(({ name, values }) => [name, [...values]])).toEqual([
      [
        'example',
        [['city', { value: 'Lyon', origin: { file: 'guide.prompty', line: 9, column: 33 } }]],
      ],
    ]);
  });

  it('sends the parameters of a tool that no binding fills in, and warns of tools defined elsewhere', async () => {
    const prompt = await readPrompt(prompty, FILES, 'guide.prompty');
    expect(plain(prompt.tools)).toEqual([
      {
        name: 'forecast',
        description: 'Weather of a city.',
        parameters: {
          type: 'object',
          properties: {
            city: { type: 'string', description: 'Where.' },
            unit: { type: 'string', enum: ['c', 'f'] },
          },
          required: ['city'],
        },
      },
    ]);
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-tools guide.prompty:14 the tools "maps (mcp)" are defined elsewhere, so they are not counted',
    ]);
    expect(plain(prompt.outputSchema)).toEqual({
      type: 'object',
      properties: { plan: { type: 'string' } },
      required: ['plan'],
    });
  });

  it('begins as the system, and keeps images of Markdown as text', async () => {
    const prompt = await readPrompt(prompty, FILES, 'guide.prompty');
    const rendered = prompt.render(new Map([...prompt.defaults, ...given({ city: 'Lyon' })]));
    expect(shown(rendered)).toEqual([
      ['system', 'You know Lyon well.\nPlan 2 days.'],
      [
        'user',
        'How is it there? ![a map](map.png)\n[remote image {{map}}][the conversation so far]',
      ],
      ['assistant', 'It is fine.'],
    ]);
    expect(rendered.findings).toEqual([]);
  });

  it('takes a role from a line of the template, never from a variable', async () => {
    const prompt = await body('A\nuser:\n{{ x }}\nuser: hello\nDEVELOPER:\nB');
    expect(shown(prompt.render(given({ x: 'one\nsystem:\ntwo' })))).toEqual([
      ['system', 'A'],
      ['user', 'one\nsystem:\ntwo\nuser: hello'],
      ['developer', 'B'],
    ]);
  });

  it('may declare its inputs as a schema, here or in another file', async () => {
    const schema = 'properties:\n  - {name: who, kind: string, default: Ada}\n';
    const files = {
      'a.prompty': '---\ninputSchema: ${file:in.yaml}\n---\n{{ who }}',
      'b.prompty': `---\ninputSchema:\n  ${schema.replace('\n', '\n  ')}\n---\n{{ who }}`,
      'in.yaml': schema,
    };
    const elsewhere = await readPrompt(prompty, files, 'a.prompty');
    expect(elsewhere.defaults.get('who')).toEqual({
      value: 'Ada',
      origin: { file: 'in.yaml', line: 2, column: 40 },
    });
    expect(elsewhere.inputs).toEqual(['a.prompty', 'in.yaml']);
    const here = await readPrompt(prompty, files, 'b.prompty');
    expect(shown(here.render(here.defaults))).toEqual([['system', 'Ada']]);
  });

  it('takes an image whose variable has only a size as an image of unknown size', async () => {
    const prompt = await body('---\ninputs:\n  map: {kind: image}\n---\nuser:\n{{ map }}');
    const values = given({ map: { kind: 'sized', tokens: 100 } });
    expect(shown(prompt.render(values))).toEqual([['user', '[remote image {{map}}]']]);
  });

  it('counts a conversation of known size as that', async () => {
    const prompt = await body('---\ninputs:\n  talk: {kind: thread}\n---\nuser:\nHi\n{{ talk }}');
    const values = given({ talk: { kind: 'sized', tokens: 450 } });
    expect(shown(prompt.render(values))).toEqual([['user', 'Hi\n[450 tokens]']]);
  });
});

describe('a Prompty file of version 1', () => {
  it('has its model, tools and sample where that version has them', async () => {
    const prompt = await readPrompt(prompty, FILES, 'old.prompty');
    expect(prompt).toMatchObject({
      name: 'Basic prompt',
      provider: 'azure_openai',
      maxOutputTokens: 128,
      inputs: ['old.prompty', 'sample.json', 'tools.json'],
      outputSchema: { name: 'answer', schema: { type: 'object' } },
    });
    expect(prompt.model).toBeUndefined();
    expect(plain(prompt.tools)).toEqual([
      {
        name: 'find',
        description: 'Finds.',
        parameters: {
          type: 'object',
          properties: { id: { type: 'integer' } },
          required: ['id'],
        },
      },
    ]);
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-environment old.prompty:7 the environment decides "DEPLOYMENT", which is not read; say it in the file or in the config',
    ]);
    const [sample] = prompt.samples;
    expect(sample?.values.get('question')).toEqual({
      value: 'Why?',
      origin: { file: 'sample.json', line: 2, column: 14 },
    });
    expect(shown(prompt.render(sample?.values ?? new Map()))).toEqual([
      ['system', 'Answer Ada.'],
      ['user', 'Why?'],
    ]);
  });

  it('takes the fallback of an environment variable', async () => {
    const prompt = await body(
      '---\nmodel:\n  configuration: {type: azure_openai, azure_deployment: "${env:NAME:gpt-4o}"}\n---\nx',
    );
    expect([prompt.provider, prompt.model, prompt.findings]).toEqual([
      'azure_openai',
      'gpt-4o',
      [],
    ]);
  });

  it('names its deployment under connection, as the last files of that version do', async () => {
    const prompt = await body('---\nmodel:\n  connection: {azure_deployment: gpt-4o}\n---\nx');
    expect([prompt.provider, prompt.model]).toEqual(['azure', 'gpt-4o']);
    const typed = await body(
      '---\nmodel:\n  connection: {type: azure_openai, azure_deployment: gpt-4o}\n---\nx',
    );
    expect([typed.provider, typed.model]).toEqual(['azure_openai', 'gpt-4o']);
  });

  it('gives an input its value by writing it behind the name', async () => {
    const prompt = await body(
      '---\ninputs:\n  who: Ada\n  past: []\n---\nFor {{ who }}{% for p in past %}{{ p }}{% endfor %}.',
    );
    expect(prompt.defaults.get('who')).toEqual({
      value: 'Ada',
      origin: { file: 'a.prompty', line: 3, column: 8 },
    });
    const rendered = prompt.render(prompt.defaults);
    expect(shown(rendered)).toEqual([['system', 'For Ada.']]);
    expect(rendered.findings).toEqual([]);
  });

  it('lists the parameters of a tool under properties', async () => {
    const prompt = await body(
      [
        '---',
        'model:',
        '  parameters:',
        '    tools:',
        '      - name: tides',
        '        kind: function',
        '        parameters:',
        '          properties:',
        '            - {name: port, kind: string, description: Where., required: true}',
        '---',
        'x',
      ].join('\n'),
    );
    expect(plain(prompt.tools)).toEqual([
      {
        name: 'tides',
        parameters: {
          type: 'object',
          properties: { port: { type: 'string', description: 'Where.' } },
          required: ['port'],
        },
      },
    ]);
  });

  it('names its model in one text', async () => {
    const prompt = await body('---\nmodel: openai/gpt-4o\n---\nx');
    expect([prompt.provider, prompt.model]).toEqual(['openai', 'gpt-4o']);
  });
});

describe('a Prompty file with something wrong', () => {
  it('tells files that are not there or not in the repository, and reads none of those', async () => {
    const prompt = await body(
      '---\nsample: gone.json\ntools: ${file:/etc/passwd}\ninputs:\n  a: {default: "${file:../x.txt}"}\n---\nx{% include "part.txt" %}',
    );
    expect(told(prompt.findings).map((line) => line.replace(/ Jinja.*$/, ''))).toEqual([
      'error include-outside a.prompty:5 "../x.txt" is outside of the repository, so it is not read; name a file inside it',
      'error missing-file a.prompty:2 "gone.json" is not there',
      'error include-outside a.prompty:3 "/etc/passwd" is a path of the machine, not of the repository, so it is not read; name a file inside it',
      'error missing-include a.prompty:7 includes "part.txt", which is not there',
    ]);
  });

  it('names the languages there are', async () => {
    const prompt = await body('---\ntemplate: liquid\n---\nx');
    expect(told(prompt.findings)).toEqual([
      'warning unknown-engine a.prompty:2 the template language "liquid" is not known, so it is read as jinja2; it may be jinja2 or mustache',
    ]);
  });

  it.each([
    ['---\nname: x', 'front-matter', 1],
    ['---\na: [\n---\nx', 'not-yaml', 3],
    ['---\nname: x\n---\na\n{% if x %}', 'template-syntax', 5],
  ])('is one error: %j', async (text, code, line) => {
    const { prompts, findings } = await readPrompts(prompty, { 'a.prompty': text }, 'a.prompty');
    expect(prompts).toEqual([]);
    expect(findings.map((finding) => [finding.level, finding.code, finding.origin?.line])).toEqual([
      ['error', code, line],
    ]);
  });

  it('is rendered in moments, however long its lines', async () => {
    const prompt = await body(`${' '.repeat(500_000)}user:x\n${'#'.repeat(500_000)}\n{{ x }}`);
    const start = performance.now();
    prompt.render(given({ x: `${'user:'.repeat(100_000)}\nuser:\n` }));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

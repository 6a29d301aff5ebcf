import { describe, expect, it } from 'vitest';
import dotprompt from '../../../src/prompts/formats/dotprompt.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const FILES = fixtureFiles('dotprompt');

const body = (text: string) => readPrompt(dotprompt, { 'a.prompt': text }, 'a.prompt');

describe('a Dotprompt file', () => {
  it('says its model, limits, defaults and every file that decides it', async () => {
    const prompt = await readPrompt(dotprompt, FILES, 'mail/reply.prompt');
    expect(prompt).toMatchObject({
      format: 'dotprompt',
      provider: 'googleai',
      model: 'gemini-2.5-flash',
      maxOutputTokens: 400,
      path: 'mail/reply.prompt',
      line: 1,
      variables: ['customer', 'limit', 'photo', 'question', 'tone'],
      inputs: ['_policy.prompt', 'mail/_greeting.prompt', 'mail/reply.prompt'],
      tools: [],
    });
    expect([...prompt.defaults]).toEqual([
      ['tone', { value: 'calm', origin: { file: 'mail/reply.prompt', line: 13, column: 11 } }],
      ['limit', { value: 50, origin: { file: 'mail/reply.prompt', line: 14, column: 12 } }],
    ]);
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-tools mail/reply.prompt:15 the tools "findOrder", "openTicket" are defined in code, so they are not counted',
    ]);
  });

  it('renders its roles, partials beside it and above it, helpers and images', async () => {
    const prompt = await readPrompt(dotprompt, FILES, 'mail/reply.prompt');
    const rendered = prompt.render(
      new Map([
        ...prompt.defaults,
        ...given({
          question: 'Where is it?',
          customer: new Map([['name', 'Ada']]),
          photo: 'https://example.org/a.png',
        }),
      ]),
    );
    // The line break before the first role stays in front of its text, as Dotprompt has it.
    expect(shown(rendered)).toEqual([
      [
        'system',
        '\nYou answer mail in a calm tone.\nNever promise a refund above 50 euros.\nGreet Ada by name.\nStay calm.\n',
      ],
      ['user', '\nWhere is it?\n[remote image https://example.org/a.png]'],
    ]);
    expect(rendered.findings).toEqual([]);
  });

  it('has an output schema that Picoschema writes short', async () => {
    const { outputSchema } = await readPrompt(dotprompt, FILES, 'mail/reply.prompt');
    expect(JSON.parse(JSON.stringify(outputSchema))).toEqual({
      type: 'object',
      properties: {
        answer: { type: 'string', description: 'the reply itself' },
        mood: { enum: ['glad', 'angry', null], description: 'how they feel' },
        links: { type: 'array', items: { type: 'string' } },
      },
      required: ['answer', 'links'],
      additionalProperties: false,
    });
  });

  it('needs no front matter, and is said by the user then', async () => {
    const prompt = await body('Summarize {{text}}');
    expect(prompt.model).toBeUndefined();
    expect(shown(prompt.render(given({ text: 'this' })))).toEqual([['user', 'Summarize this']]);
  });

  it('counts a variable of known size as that', async () => {
    const prompt = await body('{{role "user"}}{{doc}}');
    expect(shown(prompt.render(given({ doc: { kind: 'sized', tokens: 90 } })))).toEqual([
      ['user', '[90 tokens]'],
    ]);
  });

  it('has a place for the conversation so far, after which the model speaks', async () => {
    const prompt = await body('{{role "system"}}A{{history}}{{role "user"}}B');
    expect(shown(prompt.render(new Map()))).toEqual([
      ['system', 'A'],
      ['user', '[the conversation so far]'],
      ['user', 'B'],
    ]);
  });

  it('writes values as JSON', async () => {
    const prompt = await body('{{json user}} {{json user indent=2}}');
    const user = new Map<string, string | readonly number[]>([
      ['name', 'Bo'],
      ['__proto__', [1, 2]],
    ]);
    expect(shown(prompt.render(given({ user })))).toEqual([
      [
        'user',
        '{"name":"Bo","__proto__":[1,2]} {\n  "name": "Bo",\n  "__proto__": [\n    1,\n    2\n  ]\n}',
      ],
    ]);
  });

  it.each([
    ['{{media url="data:image/png;base64,AAAA"}}', '[data image data:image/png;base64,AAAA]'],
    ['{{media url="cat.png"}}', '[file image pictures/cat.png]'],
    ['{{media url="gone.png"}}', '[remote image gone.png]'],
    ['{{media url=photo}}', '[remote image {{photo}}]'],
    ['{{media url=clip contentType="video/mp4"}}', '[a file of type video/mp4]'],
    ['{{media url="data:audio/wav;base64,AA"}}', '[a file of type audio/wav]'],
  ])('takes %s as %s', async (text, expected) => {
    const files = { 'pictures/a.prompt': text, 'pictures/cat.png': 'x' };
    const prompt = await readPrompt(dotprompt, files, 'pictures/a.prompt');
    expect(shown(prompt.render(new Map()))).toEqual([['user', expected]]);
  });

  it('defines tools itself with toolDefs, which are not missing then', async () => {
    const prompt = await body(
      '---\ntools: [find]\ntoolDefs:\n  - name: find\n    description: Finds.\n    inputSchema:\n      id: integer\n---\nx',
    );
    expect(JSON.parse(JSON.stringify(prompt.tools))).toEqual([
      {
        name: 'find',
        description: 'Finds.',
        parameters: {
          type: 'object',
          properties: { id: { type: 'integer' } },
          required: ['id'],
          additionalProperties: false,
        },
      },
    ]);
    expect(prompt.findings).toEqual([]);
  });

  it('says which schema is defined elsewhere', async () => {
    const prompt = await body('---\noutput: {schema: Recipe}\n---\nx');
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-schema a.prompt:2 the output schema names "Recipe", which is defined in code, so it is not counted',
    ]);
  });

  it('is no prompt of its own when it is a part of others', async () => {
    expect(await readPrompts(dotprompt, FILES, '_policy.prompt')).toEqual({
      prompts: [],
      findings: [],
    });
  });
});

describe('a Dotprompt file with something wrong', () => {
  it.each([
    [
      '---\nmodel: a\n',
      'error front-matter a.prompt:1 the front matter that --- opens is not closed by a line of ---',
    ],
    [
      '---\nmodel: x\n---\nHi {{#if}',
      'error template-syntax a.prompt:4 is no Handlebars template near "Hi {{#if}"',
    ],
  ])('is one error: %j', async (text, expected) => {
    const { prompts, findings } = await readPrompts(dotprompt, { 'a.prompt': text }, 'a.prompt');
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([expected]);
  });

  it('names a partial that is not there, and never reads outside of the tree', async () => {
    const files = { 'a.prompt': 'x\n{{>gone}}{{>../../etc/passwd}}' };
    const prompt = await readPrompt(dotprompt, files, 'a.prompt');
    expect(told(prompt.findings)).toEqual([
      'error include-outside a.prompt: "../../etc/_passwd.prompt" is outside of the repository, so it is not read; name a file inside it',
      'error missing-include a.prompt:2 the partial "gone" is not there',
      'error missing-include a.prompt:2 the partial "../../etc/passwd" is not there',
    ]);
  });

  it('that includes itself is an error, and ends', async () => {
    const files = { 'a.prompt': '{{>x}}', '_x.prompt': 'x{{>y}}', '_y.prompt': 'y{{>x}}' };
    const prompt = await readPrompt(dotprompt, files, 'a.prompt');
    expect(told(prompt.render(new Map()).findings)).toEqual([
      'error include-cycle _y.prompt:1 "_x.prompt" includes itself: _x.prompt → _y.prompt → _x.prompt',
    ]);
  });

  it('that prints without end has no size', async () => {
    const prompt = await body(
      '{{#each a}}{{#each @root.a}}{{#each @root.a}}x{{/each}}{{/each}}{{/each}}',
    );
    const { messages, findings } = prompt.render(
      given({ a: Array.from({ length: 200 }, () => 1) }),
    );
    expect(messages).toEqual([]);
    expect(told(findings)).toEqual([
      'error rendering-cap a.prompt: takes more than 1,000,000 steps to render',
    ]);
  });
});

describe('which .prompt files are Dotprompt', () => {
  it.each([
    ['a.prompt', '{{role "system"}}x', 'certain'],
    ['a.prompt', 'plain', 'certain'],
    ['a.prompt', '<system>\nx\n</system>', 'no'],
    ['a.prompt', '{{role "system"}}\n<user>\nx', 'certain'],
    ['a.txt', '{{role "system"}}', 'no'],
  ])('%s with %j: %s', (path, text, expected) => {
    expect(dotprompt.recognizes(path, text)).toBe(expected);
  });
});

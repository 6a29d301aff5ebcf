import { describe, expect, it } from 'vitest';
import baml from '../../../src/prompts/formats/baml.ts';
import { fixtureFiles, given, readPrompt, readPrompts, shown, told } from './prompt-files.ts';

const FILES = fixtureFiles('baml');
const DESK = 'baml_src/desk.baml';

/** What a function of a return type prints for `ctx.output_format`. */
async function format(declarations: string, type: string, call = ''): Promise<string | undefined> {
  const text = `${declarations}\nfunction F() -> ${type} { client "openai/gpt-4o" prompt #"{{ ctx.output_format${call} }}"# }`;
  const prompt = await readPrompt(baml, { 'a.baml': text }, 'a.baml');
  return shown(prompt.render(new Map()))[0]?.[1];
}

describe('a BAML file', () => {
  it('has a prompt for every function, with its client, tests and the files that decide it', async () => {
    const { prompts, findings } = await readPrompts(baml, FILES, DESK);
    expect(findings).toEqual([]);
    expect(prompts.map(({ name, line, provider, model }) => [name, line, provider, model])).toEqual(
      [
        ['ReadMail', 2, 'openai', 'gpt-4o-mini'],
        ['Pick', 19, 'anthropic', 'claude-sonnet-4-5'],
      ],
    );
    expect(prompts[0]).toMatchObject({
      format: 'baml',
      maxOutputTokens: 250,
      variables: ['mail', 'photo'],
      inputs: ['baml_src/clients.baml', DESK, 'baml_src/parts/types.baml'],
    });
    expect(prompts[0]?.samples.map(({ name, values }) => [name, [...values]])).toEqual([
      [
        'Angry',
        [
          ['mail', { value: 'Where is\n  my parcel?', origin: { file: DESK, line: 31 } }],
          ['photo', { value: 'parcel.png', origin: { file: DESK, line: 35 } }],
        ],
      ],
    ]);
    expect(told(prompts[0]?.findings ?? [])).toEqual([
      `notice estimated-output-format ${DESK}:2 what BAML prints for ctx.output_format is written after its documentation and may differ by version`,
    ]);
  });

  it('renders roles, shared templates, images and the schema of its return type', async () => {
    const { prompts } = await readPrompts(baml, FILES, DESK);
    const rendered = prompts[0]?.render(
      given({ mail: 'Hello', photo: 'https://example.org/a.png' }),
    );
    expect(rendered && shown(rendered)).toEqual([
      [
        'system',
        `You read mail. Use at most 3 rules.

Topic
----
- REFUND: wants money back
- OTHER

Answer in JSON using this schema:
{
  // One mail, read.

  // in five words
  // or fewer
  title: string,
  mood: 'GLAD' or 'angry_customer' or null,
  topics: Topic[],
  items: [
    {
      name: string,
      price: float,
    }
  ],
  remarks: (string or int)[],
  extra: map<string, string>,
}`,
      ],
      ['user', '[remote image https://example.org/a.png]Mail: Hello'],
    ]);
    expect(rendered?.findings).toEqual([]);
  });

  it('attributes the schema to the template and what is given to its parameter', async () => {
    const { prompts } = await readPrompts(baml, FILES, DESK);
    const { messages } = prompts[0]?.render(given({ mail: 'Hello' })) ?? { messages: [] };
    const pieces = messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.kind === 'text' ? part.pieces : [])),
    );
    expect(pieces.flatMap(({ variable }) => variable ?? [])).toEqual(['mail']);
  });

  it('counts an image that no value is given for', async () => {
    const { prompts } = await readPrompts(baml, FILES, DESK);
    const rendered = prompts[0]?.render(given({ mail: 'x' }));
    expect(rendered && shown(rendered)[1]).toEqual(['user', '[remote image {{photo}}]Mail: x']);
  });

  it('is said by the user where no role is named and the model is not OpenAI’s', async () => {
    const { prompts } = await readPrompts(baml, FILES, DESK);
    const rendered = prompts[1]?.render(given({ words: ['a', 'b'] }));
    expect(rendered && shown(rendered)).toEqual([['user', "Pick one \"of\"# ['a', 'b']"]]);
  });

  it('takes the first of clients that are tried in turn, and says so', async () => {
    const files = {
      ...FILES,
      'baml_src/b.baml': 'function B(x: string) -> string { client Careful prompt #"{{ x }}"# }',
    };
    const prompt = await readPrompt(baml, files, 'baml_src/b.baml');
    expect(prompt).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 250,
    });
    expect(told(prompt.findings)).toEqual([
      'notice several-clients baml_src/clients.baml:11 the client "Careful" chooses among several; "Fast" is taken, the first',
    ]);
  });

  it('warns of a client and of types that are nowhere', async () => {
    const text =
      'function B() -> Gone[] {\n  client Nobody\n  prompt #"{{ ctx.output_format }}"#\n}';
    const prompt = await readPrompt(baml, { 'a.baml': text }, 'a.baml');
    expect(told(prompt.findings)).toEqual([
      'warning unresolved-client a.baml:2 the client "Nobody" is not declared in these files, so its model is not known',
      'notice estimated-output-format a.baml:1 what BAML prints for ctx.output_format is written after its documentation and may differ by version',
      'warning unresolved-type a.baml:1 the types "Gone" are not declared in these files, so only their names are counted',
    ]);
  });

  it('without a function has no prompts', async () => {
    expect(await readPrompts(baml, FILES, 'baml_src/clients.baml')).toEqual({
      prompts: [],
      findings: [],
    });
  });
});

describe('what BAML asks for in an answer', () => {
  const CLASSES = 'class A { x int }\nenum E { ONE TWO }\nenum Big { A1 A2 A3 A4 A5 A6 A7 }';
  it.each([
    ['string', undefined],
    ['int', 'Answer as an int'],
    ['bool', 'Answer as a bool'],
    ['"yes"', 'Answer using this specific value:\n"yes"'],
    ['string?', 'Answer in JSON using this schema:\nstring or null'],
    ['int | string | null', 'Answer in JSON using any of these schemas:\nint or string or null'],
    ['"a" | 2 | true', 'Answer in JSON using any of these schemas:\n"a" or 2 or true'],
    ['string[]', 'Answer with a JSON Array using this schema:\nstring[]'],
    ['A[]', 'Answer with a JSON Array using this schema:\n[\n  {\n    x: int,\n  }\n]'],
    ['A', 'Answer in JSON using this schema:\n{\n  x: int,\n}'],
    ['A?', 'Answer in JSON using this schema:\n{\n  x: int,\n} or null'],
    ['E', 'Answer with any of the categories:\nE\n----\n- ONE\n- TWO'],
    ['E[]', "Answer with a JSON Array using this schema:\n'ONE' or 'TWO'[]"],
    ['map<string, E>', "Answer in JSON using this schema:\nmap<string, 'ONE' or 'TWO'>"],
    [
      'Big | A',
      'Big\n----\n- A1\n- A2\n- A3\n- A4\n- A5\n- A6\n- A7\n\nAnswer in JSON using any of these schemas:\nBig or {\n  x: int,\n}',
    ],
  ])('%s is %j', async (type, expected) => {
    expect(await format(CLASSES, type)).toBe(expected);
  });

  it('prints recursive classes and aliases above the schema', async () => {
    expect(await format('class Node { value int next Node? }', 'Node')).toBe(
      'Node {\n  value: int,\n  next: Node or null,\n}\n\nAnswer in JSON using this schema: Node',
    );
    expect(
      await format('type Json = int | Json[] | map<string, Json>\nclass Box { data Json }', 'Box'),
    ).toBe(
      'Json = int or Json[] or map<string, Json>\n\nAnswer in JSON using this schema:\n{\n  data: Json,\n}',
    );
  });

  it('follows what a prompt asks for', async () => {
    expect(await format('', 'int?', '(prefix="Say: ", or_splitter=" | ")')).toBe('Say: int | null');
    expect(
      await format('enum E { A B }', 'E[]', '(always_hoist_enums=true, enum_value_prefix="* ")'),
    ).toBe('E\n----\n* A\n* B\n\nAnswer with a JSON Array using this schema:\nE[]');
  });
});

describe('a BAML file with something wrong', () => {
  it.each([
    ['class A {\n  x int', 'error not-baml a.baml:2 expected a name, found the end'],
    ['function F( -> int', 'error not-baml a.baml:1 expected a name, found "-"'],
    ['class A {\n x #"open', 'error not-baml a.baml:2 #" is not closed by "#'],
    ['class A { x "open\n', 'error not-baml a.baml:1 a text is not closed by "'],
    [
      `type A = ${'('.repeat(100_000)}`,
      'error not-baml a.baml:1 expected no more than 100 levels, found "("',
    ],
    [
      'function F() -> int {\n  client X\n  prompt #"\n\n    {% if x %}\n  "#\n}',
      'error template-syntax a.baml:5 {% if %} has no {% end',
    ],
  ])('is one error: %.60j', async (text, expected) => {
    const { prompts, findings } = await readPrompts(baml, { 'a.baml': text }, 'a.baml');
    expect(prompts).toEqual([]);
    expect(told(findings).map((line) => line.slice(0, expected.length))).toEqual([expected]);
  });

  it('with names of JavaScript is read as any other', async () => {
    const text = 'class constructor { __proto__ string toString int }\nclass __proto__ { a int }';
    expect(await format(text, 'constructor | __proto__ | hasOwnProperty')).toBe(
      'Answer in JSON using any of these schemas:\n{\n  __proto__: string,\n  toString: int,\n} or {\n  a: int,\n} or hasOwnProperty',
    );
  });

  it('ends, however often its classes name each other', async () => {
    const classes = Array.from(
      { length: 60 },
      (_, at) => `class C${at} { a C${at + 1} b C${at + 1} }`,
    );
    const start = performance.now();
    const text = await format([...classes, 'class C60 { x int }'].join('\n'), 'C0');
    expect(text?.length).toBeLessThan(100_000_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('is read in moments, however long its lines', async () => {
    const start = performance.now();
    await readPrompts(
      baml,
      { 'a.baml': `// ${'x'.repeat(1_000_000)}\nclass A { x ${'"'.repeat(100_001)}` },
      'a.baml',
    );
    await readPrompts(baml, { 'a.baml': '#'.repeat(300_000) }, 'a.baml');
    await readPrompts(baml, { 'a.baml': `${'{//'.repeat(100_000)}` }, 'a.baml');
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('a BAML file as older and newer versions write it', () => {
  const read = (text: string) => readPrompt(baml, { 'a.baml': text }, 'a.baml');
  const asking = (client: string, before = '') =>
    read(`${before}\nfunction F(x: string) -> string { client ${client} prompt #"{{ x }}"# }`);

  it('may have brackets behind the name of a test, and attributes behind what a function returns', async () => {
    const prompt = await read(
      [
        'class Port { depth int @stream.not_null }',
        'function F(x: string) -> Port @stream.not_null @check(deep, {{ this.depth > 3 }}) {',
        '  client "openai/gpt-4o"',
        '  prompt #"{{ x }}"#',
        '}',
        'test Deep() {',
        '  functions [F]',
        '  args { x "Oslo" }',
        '  @@assert({{ this.depth > 3 }})',
        '}',
      ].join('\n'),
    );
    expect(prompt.samples.map(({ name }) => name)).toEqual(['Deep']);
    expect(shown(prompt.render(prompt.samples[0]!.values))).toEqual([['system', 'Oslo']]);
  });

  it.each([
    ['provider baml-openai-chat options { model gpt-4 }', 'openai', 'gpt-4', 'system'],
    ['provider baml-anthropic-chat options { model claude-2 }', 'anthropic', 'claude-2', 'user'],
    ['provider openai-responses options { model "gpt-5" }', 'openai', 'gpt-5', 'system'],
    [
      'provider "openai-generic" options { base_url "https://openrouter.ai/api/v1" model "openai/gpt-4o" }',
      'openrouter',
      'openai/gpt-4o',
      'system',
    ],
    [
      'provider "openai-generic" options { base_url "http://localhost:1234" model "oak" }',
      'openai-generic',
      'oak',
      'system',
    ],
    [
      'provider azure-openai options { resource_name "r" deployment_id "gpt-4o" }',
      'azure-openai',
      'gpt-4o',
      'user',
    ],
  ])('finds who bills a client: %s', async (client, provider, model, role) => {
    const prompt = await asking('Mine', `client<llm> Mine { ${client} }`);
    expect([prompt.provider, prompt.model]).toEqual([provider, model]);
    expect(shown(prompt.render(given({ x: 'a' })))).toEqual([[role, 'a']]);
  });

  it('reads what may be a text or an image as a text', async () => {
    const prompt = await read(
      'function F(x: string | image | image[]) -> string { client "openai/gpt-4o" prompt #"{{ x }}"# }',
    );
    expect(shown(prompt.render(given({ x: 'a.png is what I mean' })))).toEqual([
      ['system', 'a.png is what I mean'],
    ]);
  });

  it('warns of types that code adds to', async () => {
    const prompt = await read(
      'class Port { @@dynamic }\nfunction F() -> Port { client "openai/gpt-4o" prompt #"{{ ctx.output_format }}"# }',
    );
    expect(told(prompt.findings)).toContain(
      'warning unresolved-type a.baml:2 code adds to the types "Port" while it runs, which is not counted',
    );
  });
});

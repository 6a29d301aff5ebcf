import { describe, expect, it } from 'vitest';
import codeLiterals from '../../../src/prompts/formats/code-literals.ts';
import { fixtureFiles, given, readPrompts, shown, told } from './prompt-files.ts';

const files = fixtureFiles('code-literals');
const read = async (path: string) => (await readPrompts(codeLiterals, files, path)).prompts;
const readText = async (text: string, path = 'a.ts') =>
  readPrompts(codeLiterals, { [path]: text }, path);

describe('a marked literal', () => {
  it('of JavaScript has its escapes decoded and its expressions as variables', async () => {
    const [support, two, raw, ...more] = await read('agent.ts');
    expect(more).toEqual([]);
    expect(support).toMatchObject({
      name: 'support',
      line: 4,
      provider: 'openai',
      model: 'gpt-5-mini',
    });
    expect(support?.variables).toEqual([
      'tickets.map((one) => `#${one.id}`).join()',
      'tone',
      'user',
    ]);
    const values = given({
      user: new Map([['name', 'Ana']]),
      'tickets.map((one) => `#${one.id}`).join()': '#1',
      tone: 'kind',
    });
    expect(shown(support!.render(values))).toEqual([
      ['system', 'Help `Ana`.\tTickets: #1\nBe kind!'],
    ]);
    expect(two).toMatchObject({ name: 'two words', variables: ['mood', 'shop'] });
    expect(shown(two!.render(given({ mood: 'Sunny', shop: 'Grove' })))).toEqual([
      ['user', "It's Sunny\u{1F600}Grove."],
    ]);
    expect(shown(raw!.render(given({ "'x'": 'y' })))).toEqual([['user', String.raw`\d+ y`]]);
  });

  it('of Python is one text of all that stands beside each other', async () => {
    const [triage, block] = await read('agent.py');
    expect(triage?.variables).toEqual(['shop', 'ticket']);
    expect(
      shown(triage!.render(given({ ticket: 'Late!', shop: new Map([['name', 'Grove']]) }))),
    ).toEqual([['system', 'Sort the ticket Late! for {all} Grove.\n\\d']]);
    expect(shown(block!.render(given({ question: 'Why?' })))).toEqual([
      ['user', 'Line one\n  Why?\nLine three'],
    ]);
    expect(told(block!.render(given({})).findings)).toEqual([
      'warning undefined-variable agent.py:11 "question" has no value, so nothing is counted for it',
    ]);
  });

  it.each([
    ['Agent.java', {}, 'First "line"\n  second\n'],
    ['agent.rb', { user: new Map([['name', 'Ana']]) }, 'Hello Ana,\n  welcome.\n'],
    ['agent.go', {}, 'a\\n "b"\nc'],
    ['Agent.cs', { name: 'Ana' }, 'Hi Ana {x}say "yes" \\n'],
    ['agent.rs', {}, 'a "quoted" \\n'],
  ])('of %s is what the program has', async (path, values, expected) => {
    const [prompt] = await read(path);
    expect(shown(prompt!.render(given(values)))).toEqual([['user', expected]]);
    expect(prompt!.findings).toEqual([]);
  });
});

describe('a file of code', () => {
  it.each([
    [
      'const a = 1;',
      'error unmarked-code a.ts: no text is marked as a prompt; write "aicost:prompt id=…" in a comment before one',
    ],
    [
      '// aicost:prompt id=a\nconst a = 1;',
      'error missing-literal a.ts:1 no text follows the mark',
    ],
    [
      '\n// aicost:prompt id=a\nconst a = `never',
      'error missing-literal a.ts:2 the text that follows the mark is not closed',
    ],
    [
      '// aicost:prompt id=a\nconst a = "never\nclosed"',
      'error missing-literal a.ts:1 the text that follows the mark is not closed',
    ],
  ])('%j is an error', async (text, expected) => {
    const { prompts, findings } = await readText(text);
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([expected]);
  });

  it('is text of the language that the config says, where its mark says none', async () => {
    const text =
      '// aicost:prompt id=a\n"Hi {{name}}"\n// aicost:prompt id=b engine=none\n"Hi {{name}}"';
    const { prompts } = await readPrompts(codeLiterals, { 'a.ts': text }, 'a.ts', {
      engine: 'mustache',
    });
    expect(prompts.map((prompt) => shown(prompt.render(given({ name: 'Ana' }))))).toEqual([
      [['user', 'Hi Ana']],
      [['user', 'Hi {{name}}']],
    ]);
  });

  it('says what is wrong with a mark', async () => {
    const { prompts } = await readText('// aicost:prompt ib=a engine=moustache\n"x"');
    expect(told(prompts[0]!.findings)).toEqual([
      'warning unknown-option a.ts:1 unknown "ib"; did you mean "id"?',
      'warning unnamed-prompt a.ts:1 has no id, so its line is its name; add id=…',
      'error unknown-option a.ts:1 unknown "moustache"; did you mean "mustache"?',
    ]);
  });

  it('is read in time that grows with its length only', async () => {
    const mark = '// aicost:prompt id=a\n';
    for (const body of [
      '"' + 'a'.repeat(1_000_000) + '"',
      '`' + '${a}'.repeat(20_000) + '`',
      '"a" + '.repeat(100_000),
      '`' + '{'.repeat(1_000_000),
      ' '.repeat(1_000_000),
      '`${' + '{'.repeat(1_000_000),
      `"${'\\u{'.repeat(200_000)}"`,
    ])
      expect((await readText(mark + body)).prompts.length).toBeLessThan(2);
    expect((await readText(mark.repeat(5000) + '"x"')).prompts).toHaveLength(1);
  });
});

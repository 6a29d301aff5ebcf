import { describe, expect, it } from 'vitest';
import langfuse from '../../../src/prompts/formats/langfuse.ts';
import { fixtureFiles, given, readPrompts, shown, told } from './prompt-files.ts';

const files = fixtureFiles('langfuse');
const read = async () => (await readPrompts(langfuse, files, 'export.json')).prompts;

describe('an export of Langfuse', () => {
  it('is told by its names, types and prompts', () => {
    expect(Object.entries(files).map(([path, text]) => langfuse.recognizes(path, text))).toEqual([
      'likely',
      'likely',
    ]);
    expect(langfuse.recognizes('a.json', '{"name": "a", "prompt": "b"}')).toBe('no');
  });

  it('has the prompts that a prompt refers to in their places, from the same export and from files beside it', async () => {
    const [support] = await read();
    const values = given({ customer: 'Ana', tone: 'kind', agent: 'Bo', ticket: 'Late!' });
    expect(shown(support!.render(values))).toEqual([
      ['system', 'Help Ana.\nBe kind. Sign as Bo. Done.'],
      ['user', '[messages of the placeholder "history"]'],
      ['user', 'Late!'],
    ]);
    expect(support).toMatchObject({
      name: 'support',
      line: 2,
      provider: 'openai',
      model: 'gpt-4o-mini',
      maxOutputTokens: 200,
      variables: ['agent', 'customer', 'ticket', 'tone'],
      findings: [],
    });
    const [content] = support!.render(values).messages[0]!.content;
    expect(content?.kind === 'text' && content.pieces.filter((piece) => 'origin' in piece)).toEqual(
      [
        { kind: 'text', text: 'Sign as ', varies: false, origin: { file: 'shared.json' } },
        { kind: 'text', text: '.', varies: false, origin: { file: 'shared.json' } },
      ],
    );
  });

  it('names prompts that are not there, and those that refer to themselves', async () => {
    const [, , loop, lost] = await read();
    expect(told(loop!.findings)).toEqual([
      'error include-cycle export.json:12 "loop" includes itself: loop → loop',
    ]);
    expect(told(lost!.findings)).toEqual([
      'error unresolved-prompt export.json:13 the prompt "none" is not here, so its size is not known',
    ]);
  });

  it('follows 500 references at most', async () => {
    const many = (name: string): string => `@@@langfusePrompt:name=${name}@@@`.repeat(100);
    const entry = (name: string, prompt: string) => ({ name, type: 'text', version: 1, prompt });
    const text = JSON.stringify([
      entry('a', many('b')),
      entry('b', many('c')),
      entry('c', many('d')),
      entry('d', 'x'),
    ]);
    const { prompts } = await readPrompts(langfuse, { 'a.json': text }, 'a.json');
    expect(told(prompts[0]!.findings)[0]).toBe(
      'error too-many-includes a.json:1 refers to more than 500 prompts',
    );
  });
});

describe('an export of several versions of a prompt', () => {
  const version = (number: number, prompt: string, labels: readonly string[] = []) => ({
    name: 'tides',
    type: 'text',
    version: number,
    prompt,
    labels,
  });

  it.each([
    [[version(1, 'old'), version(3, 'new'), version(2, 'in use', ['production'])], 'in use', 2],
    [[version(1, 'old'), version(3, 'new', ['latest']), version(2, 'middle')], 'new', 3],
  ])('counts the one that programs get: %j', async (entries, text, number) => {
    const { prompts, findings } = await readPrompts(
      langfuse,
      { 'all.json': JSON.stringify(entries) },
      'all.json',
    );
    expect(prompts.map((prompt) => shown(prompt.render(new Map())))).toEqual([[['user', text]]]);
    expect(findings.map(({ level, code, message }) => [level, code, message])).toEqual([
      [
        'notice',
        'several-versions',
        `"tides" has 3 versions here; version ${number} is counted, which programs get`,
      ],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { showOrigin, UserError } from '../../src/errors.ts';
import { treeOf, worldOf } from './made-up-tree.ts';
import { codes, config, estimate, type Files } from './made-up-estimate.ts';

describe('ids', () => {
  it('come from the config, the file or the path', async () => {
    const { prompts } = await estimate({
      ...config(`  - {id: support, path: a.txt}
  - {id: "p:{path}", glob: b/*.txt}
  - {path: c.prompt.yml}
`),
      'a.txt': 'a',
      'b/one.txt': 'b',
      'b/two.txt': 'b',
      'c.prompt.yml': 'name: triage\nmodel: gpt-4o\nmessages: [{role: user, content: hi}]\n',
    });
    expect(prompts.map(({ id, namedBy }) => [id, namedBy])).toEqual([
      ['p:b/one.txt', 'config'],
      ['p:b/two.txt', 'config'],
      ['support', 'config'],
      ['triage', 'file'],
    ]);
  });

  it('tell prompts of one file apart by name or number', async () => {
    const prompt = (name: string | undefined) => ({
      path: 'd.many',
      line: 1,
      format: 'many',
      variables: [],
      samples: [],
      tools: [],
      defaults: new Map(),
      inputs: ['d.many'],
      findings: [],
      ...(name === undefined ? {} : { name }),
      render: () => ({ messages: [], findings: [] }),
    });
    const reader = (await worldOf(treeOf({}))).reader;
    const read = () =>
      Promise.resolve({ prompts: [prompt('first'), prompt(undefined)], findings: [] });
    const world = { reader: { ...reader, read } };
    const idsOf = async (line: string) =>
      (await estimate({ ...config(line), 'd.many': '' }, { world })).ids;
    expect(await idsOf('  - {id: many, path: d.many}\n')).toEqual(['many#first', 'many#2']);
    expect(await idsOf('  - {path: d.many}\n')).toEqual(['first', 'd.many#2']);
  });

  it('are told apart by their place where a file gives two prompts one name', async () => {
    const { ids } = await estimate(
      {
        'promptfooconfig.yaml': `prompts: [{label: support, raw: one}, {label: support, raw: two}]
providers: [openai:gpt-4o]
`,
      },
      { paths: ['promptfooconfig.yaml'] },
    );
    expect(ids).toEqual(['support', 'promptfooconfig.yaml#2']);
  });

  it('count a prompt file once that a test suite brings along', async () => {
    const { prompts } = await estimate({
      'promptfooconfig.yaml': `prompts: ['file://prompts/a.txt']
providers: [openai:gpt-4o]
tests: [{vars: {q: a}}]
`,
      'prompts/a.txt': '{{q}}',
    });
    expect(prompts.map(({ id, format, model }) => [id, format, model?.value.model])).toEqual([
      ['prompts/a.txt', 'promptfoo', 'gpt-4o'],
    ]);
  });

  it('are paths where files share a name', async () => {
    const chat = 'name: triage\nmodel: gpt-4o\nmessages: [{role: user, content: hi}]\n';
    const { prompts } = await estimate({ 'a.prompt.yml': chat, 'b.prompt.yml': chat });
    expect(prompts.map(({ id }) => id)).toEqual(['a.prompt.yml', 'b.prompt.yml']);
    expect(prompts.map(codes)).toEqual([['notice shared-name'], ['notice shared-name']]);
  });

  const refusal = async (files: Files): Promise<string> => {
    try {
      await estimate(files);
    } catch (error) {
      if (error instanceof UserError)
        return `${error.origin === undefined ? '' : showOrigin(error.origin)}: ${error.message}`;
      throw error;
    }
    return 'none';
  };

  it('must differ, and entries must fit files', async () => {
    expect(
      await refusal({ ...config('  - {id: a, glob: "*.txt"}\n'), 'x.txt': '', 'y.txt': '' }),
    ).toBe('aicost.yaml:4:10: two prompts have the id "a": x.txt:1 and y.txt:1');
    expect(await refusal({ ...config('  - {path: suport.txt}\n'), 'support.txt': '' })).toBe(
      'aicost.yaml:4:12: there is no file "suport.txt" in the made-up tree; did you mean "support.txt"?',
    );
    expect(await refusal({ ...config('  - {glob: "prompts/*.md"}\n'), 'a.md': '' })).toBe(
      'aicost.yaml:4:12: no file of the made-up tree fits the pattern "prompts/*.md"',
    );
  });

  it('follow an entry with a path before one with a pattern', async () => {
    const { prompts } = await estimate({
      ...config('  - {glob: "*.txt", owner: all}\n  - {id: x, path: x.txt, owner: me}\n'),
      'x.txt': '',
      'y.txt': '',
    });
    expect(prompts.map(({ id, owner }) => [id, owner])).toEqual([
      ['x', 'me'],
      ['y.txt', 'all'],
    ]);
  });
});

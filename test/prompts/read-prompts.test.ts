import { describe, expect, it } from 'vitest';
import type { FileTree } from '../../src/prompts/file-tree.ts';
import { conventionalFiles } from '../../src/prompts/conventional-files.ts';
import { findFormat, loadFormats } from '../../src/prompts/format-finder.ts';
import { openPromptFiles, readPromptFiles } from '../../src/prompts/read-prompts.ts';
import { fixtureFiles, given, shown, told, treeOf } from './formats/prompt-files.ts';

/** A tree of one file of bytes. */
const bytesTree = (path: string, bytes: Uint8Array): FileTree => ({
  name: 'a tree of a test',
  paths: [path],
  read: async (asked) => (asked === path ? { kind: 'file', bytes, id: '1' } : { kind: 'absent' }),
});

describe('text and Markdown', () => {
  const files = fixtureFiles('text');

  it('is one message of a user, with its includes', async () => {
    const { prompts, findings } = await readPromptFiles(treeOf(files), ['support.md']);
    expect(findings).toEqual([]);
    const [prompt] = prompts;
    expect(prompt?.variables).toEqual(['lang', 'ticket']);
    expect(prompt?.inputs).toEqual(['policy', 'policy.md', 'support.md']);
    expect(shown(prompt!.render(given({ ticket: 'Late!', lang: 'French' })))).toEqual([
      [
        'user',
        'You help customers of the shop Grove.\n\nTicket: Late!\nNever promise refunds in French.\n',
      ],
    ]);
  });

  it('has the language of its extension, and includes beside it', async () => {
    const { prompts } = await readPromptFiles(treeOf(files), ['answer.j2']);
    expect(shown(prompts[0]!.render(given({ rules: ['be brief', 'be kind'] })))).toEqual([
      ['user', 'Answer as calm.\n- be brief\n- be kind\n'],
    ]);
  });

  it('has the language and the role that a config says', async () => {
    const tree = treeOf({ 'a.txt': 'Hi {name} {{name}}' });
    const read = async (engine: 'none' | 'fstring') =>
      (await readPromptFiles(tree, ['a.txt'], { engine, role: 'system' })).prompts[0]!.render(
        given({ name: 'Ana' }),
      );
    expect(shown(await read('none'))).toEqual([['system', 'Hi {name} {{name}}']]);
    expect(shown(await read('fstring'))).toEqual([['system', 'Hi Ana {name}']]);
  });

  it('is broken where it is none of a language that somebody asked for, and counted as it stands elsewhere', async () => {
    const tree = treeOf({ 'a.txt': 'a {{#b}}' });
    expect(
      told((await readPromptFiles(tree, ['a.txt'], { engine: 'mustache' })).prompts[0]!.findings),
    ).toEqual(['error template-syntax a.txt:1 {{#b}} has no {{/b}}']);
    expect(told((await readPromptFiles(tree, ['a.txt'])).prompts[0]!.findings)).toEqual([
      'warning template-syntax a.txt:1 {{#b}} has no {{/b}}, so the text is counted as it stands',
    ]);
  });
});

describe('a file that cannot be read as it is', () => {
  it('is read as windows-1252 where it is not UTF-8', async () => {
    const { prompts } = await readPromptFiles(
      bytesTree('a.txt', Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x80)),
      ['a.txt'],
    );
    expect(shown(prompts[0]!.render(new Map()))).toEqual([['user', 'café€']]);
    expect(told(prompts[0]!.findings)).toEqual([
      'warning not-utf8 a.txt: not UTF-8, so read as windows-1252; save it as UTF-8 to be sure of its count',
    ]);
  });

  it('keeps its byte order mark and its line breaks in text, and not in JSON', async () => {
    const tree = treeOf({
      'a.txt': '\uFEFFa\r\nb',
      'b.json': '\uFEFF[{"role":"user","content":"a"}]',
    });
    const { prompts } = await readPromptFiles(tree, ['a.txt', 'b.json']);
    expect(prompts.map((prompt) => shown(prompt.render(new Map())))).toEqual([
      [['user', '\uFEFFa\r\nb']],
      [['user', 'a']],
    ]);
  });

  it.each<[string, Awaited<ReturnType<FileTree['read']>>, string]>([
    ['absent', { kind: 'absent' }, 'error missing-file a.txt: "a.txt" is not there'],
    [
      'a pointer',
      { kind: 'unresolved', why: 'git LFS keeps it' },
      'error unresolved-file a.txt: the content of "a.txt" is not here: git LFS keeps it',
    ],
    [
      'no text',
      { kind: 'file', bytes: Uint8Array.of(0x89, 0, 0xff), id: '1' },
      'error not-text a.txt: "a.txt" is no text',
    ],
  ])('is an error when it is %s', async (_what, file, expected) => {
    const { prompts, findings } = await readPromptFiles(
      { name: '', paths: ['a.txt'], read: async () => file },
      ['a.txt'],
    );
    expect(prompts).toEqual([]);
    expect(told(findings)).toEqual([expected]);
  });

  it.each([
    [
      'a.json',
      '{"mesages": []}',
      'error unknown-format a.json: no prompt format recognizes it; anthropic-messages would have "messages" where it has "mesages"',
    ],
    [
      'a.json',
      '{"model": "x"}',
      'error unknown-format a.json: no prompt format recognizes it; nearest is anthropic-messages, whose keys are messages, system, max_tokens, model, tools',
    ],
    [
      'a.csv',
      'a,b',
      'error unknown-format a.csv: no prompt format recognizes it; give it an engine, such as "engine: none", to count it as text',
    ],
  ])('%s with %j is an error that names what is near', async (path, text, expected) => {
    expect(told((await readPromptFiles(treeOf({ [path]: text }), [path])).findings)).toEqual([
      expected,
    ]);
    expect(
      (await readPromptFiles(treeOf({ [path]: text }), [path], { found: true })).findings,
    ).toEqual([]);
    expect(
      (await readPromptFiles(treeOf({ [path]: text }), [path], { engine: 'none' })).prompts,
    ).toHaveLength(1);
  });

  it('is counted as text and told where it is JSON cut short and somebody names an engine', async () => {
    const tree = treeOf({ 'a.json': '{"messages": [{"role": "user", "content": "Where is' });
    const { prompts } = await readPromptFiles(tree, ['a.json'], { engine: 'mustache' });
    expect(prompts.map(({ format, findings }) => [format, ...told(findings)])).toEqual([
      [
        'text',
        'notice not-json a.json:1 expected a " that closes the text, found the end, so it is counted as text',
      ],
    ]);
  });

  it.each([
    ['../a.txt', 'include-outside'],
    ['/etc/passwd', 'include-outside'],
    ['C:\\a.txt', 'include-outside'],
    ['p.txt', 'include-cycle'],
  ])('may not include %s', async (name, code) => {
    const { prompts } = await readPromptFiles(treeOf({ 'p.txt': `{{>${name}}}` }), ['p.txt']);
    expect(prompts[0]!.findings.map((finding) => finding.code)).toContain(code);
  });

  it('may not include more than 500 files', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `part${index}.txt`);
    const files = Object.fromEntries([
      ['p.txt', names.map((name) => `{{>${name}}}`).join('')],
      ...names.map((name) => [name, 'a']),
    ]);
    const { prompts } = await readPromptFiles(treeOf(files), ['p.txt']);
    expect(told(prompts[0]!.findings)).toContain(
      'error too-many-includes p.txt: includes more than 500 files',
    );
  });
});

describe('the formats', () => {
  it('have each an id of its own, and recognize nothing of an empty file', async () => {
    const formats = await loadFormats();
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
    expect(formats.map(({ recognizes }) => recognizes('x', ''))).toEqual(formats.map(() => 'no'));
  });

  it('read whatever bytes they are given without an exception', async () => {
    const formats = await loadFormats();
    const { read } = await openPromptFiles();
    const texts = [
      '',
      '\0',
      '\uFEFF',
      '{',
      '[',
      '---',
      '---\n',
      '{"__proto__": {"messages": 1}}',
      '{"messages": 1, "system": 2}',
      '{"messages": [{"role": 1, "content": {"a": 1}}]}',
      'a: *b',
      '[[[['.repeat(1000),
      '{{'.repeat(1000),
      'x'.repeat(1_000_000),
      '{"prompt": null, "name": 1, "type": "chat"}',
      '{"_type": "few_shot"}',
      '{"lc": 1, "kwargs": 7}',
      'prompts: 7\nproviders: []',
      '// aicost:prompt id=\n`',
    ];
    const paths = [
      'a.json',
      'a.yaml',
      'a.txt',
      'a.prompt',
      'a.prompty',
      'a.baml',
      'skprompt.txt',
      'a.prompt.yml',
      'promptfooconfig.yaml',
      'a.ts',
      'a.py',
    ];
    for (const text of texts)
      for (const path of paths) {
        const { prompts } = await read(treeOf({ [path]: text }), path);
        for (const prompt of prompts)
          expect(prompt.render(new Map()).messages).toBeInstanceOf(Array);
        for (const format of formats)
          expect(['certain', 'likely', 'no']).toContain(format.recognizes(path, text));
      }
  });

  it('are an error where two are equally sure', async () => {
    const [one] = await loadFormats();
    const other = { ...one!, id: 'other', recognizes: () => 'certain' as const };
    expect(findFormat([{ ...other, id: 'a' }, other], 'x.txt', '')).toMatchObject({
      kind: 'ambiguous',
      finding: { level: 'error', message: 'both a and other recognize it' },
    });
  });
});

describe('files that hold prompts by their names', () => {
  it('are those of folders named prompts, and of formats with a name of their own', () => {
    const kept = [
      'prompts/a.txt',
      'x/prompts/y/b.md',
      'a.prompt',
      'x/a.prompt.yml',
      'a.prompty',
      'promptfooconfig.yaml',
      'a.baml',
      'p/skprompt.txt',
    ];
    const others = [
      'a.txt',
      'prompts/README.md',
      'prompts/a.png',
      'node_modules/prompts/a.txt',
      'src/a.ts',
      'prompts.txt',
      'config.json',
    ];
    expect(conventionalFiles([...kept, ...others])).toEqual(kept);
  });
});

describe('tools in a file of their own', () => {
  it('are a list, or those of a request', async () => {
    const { tools } = await openPromptFiles();
    const list = '[{"name": "a", "input_schema": {}}]';
    const tree = treeOf({ 'a.json': list, 'b.json': `{"tools": ${list}}` });
    for (const path of ['a.json', 'b.json'])
      expect(await tools(tree, path)).toEqual({
        tools: [{ name: 'a', parameters: {} }],
        findings: [],
      });
    expect(told((await tools(tree, 'c.json')).findings)).toEqual([
      'error missing-file c.json: "c.json" is not there',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { contentOfPieces } from '../../../src/prompts/format-contract/data-urls.ts';
import { splitModelName } from '../../../src/prompts/format-contract/model-names.ts';
import { matchesPath } from '../../../src/prompts/format-contract/path-globs.ts';
import { readStructured } from '../../../src/prompts/format-contract/structured-text.ts';
import { decodeText } from '../../../src/prompts/format-contract/text-decoding.ts';
import { readTools } from '../../../src/prompts/format-contract/tools.ts';
import { resolvePath } from '../../../src/prompts/format-contract/tree-paths.ts';
import { told } from '../formats/prompt-files.ts';

describe('a path that a file names', () => {
  it.each([
    ['a/b', 'c.txt', 'a/b/c.txt'],
    ['a/b', './../c.txt', 'a/c.txt'],
    ['', 'x//y', 'x/y'],
    ['a', String.raw`b\c.txt`, 'a/b/c.txt'],
  ])('is, in %j, %j, the path %s of the tree', (folder, name, path) => {
    expect(resolvePath(folder, name)).toEqual({ kind: 'path', path });
  });

  it.each([
    ['a', '../../b', 'outside'],
    ['', '..', 'outside'],
    ['a', '/etc/passwd', 'absolute'],
    ['a', String.raw`\\host\x`, 'absolute'],
    ['a', 'c:/x', 'absolute'],
    ['', '', 'empty'],
    ['a', '..', 'empty'],
  ])('leads nowhere where it is, in %j, %j', (folder, name, kind) => {
    expect(resolvePath(folder, name)).toEqual({ kind });
  });
});

describe('a pattern of paths', () => {
  it.each([
    ['a/*.txt', 'a/b.txt', true],
    ['a/*.txt', 'a/b/c.txt', false],
    ['a/**/*.txt', 'a/b/c.txt', true],
    ['a/**/*.txt', 'a/c.txt', true],
    ['**', 'a/b', true],
    ['a?.{txt,md}', 'ab.md', true],
    ['a?.{txt,md}', 'a.md', false],
    ['a.b', 'axb', false],
  ])('%s against %s is %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it('takes no time that explodes', () => {
    expect(matchesPath(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matchesPath(`${'**/'.repeat(200)}b`, 'a/'.repeat(2000))).toBe(false);
    expect(matchesPath('{a,b}'.repeat(50), 'x')).toBe(false);
  });
});

describe('images in a text', () => {
  const url = `data:image/png;base64,${'iVBORw0KGgo'.repeat(10)}`;
  it('are images between the text around them, whoever printed them', () => {
    expect(
      contentOfPieces([
        { kind: 'text', text: `see ${url})`, varies: false },
        { kind: 'text', text: url, variable: 'photo', varies: true },
        { kind: 'sized', tokens: 7, variable: 'x', varies: true },
      ]),
    ).toEqual([
      { kind: 'text', pieces: [{ kind: 'text', text: 'see ', varies: false }] },
      { kind: 'image', source: { kind: 'data', url } },
      { kind: 'text', pieces: [{ kind: 'text', text: ')', varies: false }] },
      { kind: 'image', source: { kind: 'data', url } },
      { kind: 'text', pieces: [{ kind: 'sized', tokens: 7, variable: 'x', varies: true }] },
    ]);
  });

  it('are none where a text only tells how they begin', () => {
    const pieces = [{ kind: 'text', text: 'data:image/png;base64,AAAA…', varies: false }] as const;
    expect(contentOfPieces(pieces)).toEqual([{ kind: 'text', pieces }]);
  });
});

describe('bytes', () => {
  it.each([
    ['UTF-8 with its mark', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa', 'utf-8'],
    ['UTF-16 as its mark says', [0xff, 0xfe, 0x61, 0], '\uFEFFa', 'utf-16'],
    ['windows-1252', [0x80, 0xe9], '€é', 'windows-1252'],
  ])('are read as %s', (_what, bytes, text, encoding) => {
    expect(decodeText(Uint8Array.from(bytes))).toEqual({ text, encoding });
  });
});

describe('names of models', () => {
  it.each([
    ['openai/gpt-4o', { provider: 'openai', model: 'gpt-4o' }],
    [
      'openrouter/anthropic/claude-haiku-4-5',
      { provider: 'openrouter', model: 'anthropic/claude-haiku-4-5' },
    ],
    ['gpt-4o', { model: 'gpt-4o' }],
    ['/gpt', { model: '/gpt' }],
    ['gpt/', { model: 'gpt/' }],
  ])('%s', (name, expected) => {
    expect(splitModelName(name)).toEqual(expected);
  });
});

describe('tools', () => {
  const toolsOf = (json: string) => {
    const read = readStructured('json', json, 'a.json');
    if (read.kind === 'broken') throw new Error(read.finding.message);
    return readTools(read.value, 'a.json');
  };

  it.each([
    [
      'of chat completions',
      '[{"type": "function", "function": {"name": "f", "parameters": {"a": 1}}}]',
    ],
    ['of responses', '[{"type": "function", "name": "f", "parameters": {"a": 1}}]'],
    ['of Anthropic', '[{"name": "f", "input_schema": {"a": 1}}]'],
    ['of Google', '[{"functionDeclarations": [{"name": "f", "parameters": {"a": 1}}]}]'],
    ['of Bedrock', '[{"toolSpec": {"name": "f", "inputSchema": {"json": {"a": 1}}}}]'],
  ])('are read in the shape %s', (_what, json) => {
    expect(toolsOf(json)).toEqual({ tools: [{ name: 'f', parameters: { a: 1 } }], findings: [] });
  });

  it('that a provider brings along are named', () => {
    expect(
      told(
        toolsOf(
          '[{"type": "mcp", "server_label": "shop"},\n {"type": "web_search_20250305", "name": "web_search"}, "find"]',
        ).findings,
      ),
    ).toEqual([
      'warning unresolved-tools a.json:1 the tool "shop" is defined elsewhere, so it is not counted',
      'warning unresolved-tools a.json:2 the tool "web_search" is defined elsewhere, so it is not counted',
      'warning unresolved-tools a.json:2 the tool "find" is defined elsewhere, so it is not counted',
    ]);
  });
});

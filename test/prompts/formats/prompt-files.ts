import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileTree } from '../../../src/prompts/file-tree.ts';
import type { Finding } from '../../../src/prompts/finding.ts';
import { openIncludes } from '../../../src/prompts/format-contract/includes.ts';
import type {
  FormatContext,
  PromptFormat,
} from '../../../src/prompts/format-contract/prompt-format.ts';
import type { Content, Prompt, RenderedPrompt } from '../../../src/prompts/prompt.ts';
import type { Value, Values } from '../../../src/prompts/rendering/values.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/prompts');

/** A tree of files that a test writes out. */
export function treeOf(files: Readonly<Record<string, string>>): FileTree {
  const held = new Map(Object.entries(files));
  return {
    name: 'a tree of a test',
    paths: [...held.keys()].toSorted(),
    async read(path) {
      const text = held.get(path);
      return text === undefined
        ? { kind: 'absent' }
        : { kind: 'file', bytes: Buffer.from(text), id: text };
    },
  };
}

/** The files of a fixture folder, by their paths in it. */
export const fixtureFiles = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(FIXTURES, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(join(FIXTURES, folder), file), readFileSync(file, 'utf8')]),
  );

/** Reads one file of a tree with a format. */
export async function readPrompts(
  format: PromptFormat,
  files: Readonly<Record<string, string>>,
  path: string,
  further: Pick<FormatContext, 'engine'> = {},
) {
  const tree = treeOf(files);
  const text = files[path];
  if (text === undefined) throw new Error(`no file ${path}`);
  return format.read(text, {
    path,
    tree,
    include: openIncludes(tree, path).include,
    ...further,
  });
}

/** The only prompt of a file; fails with the findings where there is none. */
export async function readPrompt(
  format: PromptFormat,
  files: Readonly<Record<string, string>>,
  path: string,
): Promise<Prompt> {
  const { prompts, findings } = await readPrompts(format, files, path);
  const [prompt] = prompts;
  if (prompt === undefined || prompts.length > 1)
    throw new Error(`${prompts.length} prompts: ${JSON.stringify(findings)}`);
  return prompt;
}

/** Values of variables by their names. */
export const given = (values: Readonly<Record<string, Value>>): Values =>
  new Map(Object.entries(values).map(([name, value]) => [name, { value }]));

/** Messages as pairs of role and text; what is no text stands in brackets. */
export const shown = ({ messages }: RenderedPrompt): readonly (readonly [string, string])[] =>
  messages.map(({ role, content }) => [role, content.map(shownContent).join('')]);

function shownContent(content: Content): string {
  switch (content.kind) {
    case 'text':
      return content.pieces
        .map((piece) => (piece.kind === 'text' ? piece.text : `[${piece.tokens} tokens]`))
        .join('');
    case 'image': {
      const { source } = content;
      return `[${source.kind} image ${source.kind === 'file' ? source.path : source.url}]`;
    }
    case 'unresolved':
      return `[${content.what}]`;
  }
}

/** Findings as `level code file:line message`. */
export const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ level, code, message, origin }) =>
      `${level} ${code} ${origin?.file}:${origin?.line ?? ''} ${message}`,
  );

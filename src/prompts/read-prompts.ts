import type { FileTree } from './file-tree.ts';
import type { Finding } from './finding.ts';
import { findFormat, loadFormats } from './format-finder.ts';
import { openIncludes } from './format-contract/includes.ts';
import type { Engine, PromptFormat } from './format-contract/prompt-format.ts';
import { readStructured } from './format-contract/structured-text.ts';
import { languageOf } from './format-contract/shape.ts';
import { readTools, type ReadTools } from './format-contract/tools.ts';
import { at } from './format-contract/located.ts';
import { readTreeText } from './format-contract/tree-text.ts';
import type { Prompt } from './prompt.ts';

/** What is said of a file beside its text. */
export interface ReadOptions {
  /** `engine:` of the config. A file that no format recognizes is text of it. */
  readonly engine?: Engine;
  /** `role:` of the config, for plain text. */
  readonly role?: string;
  /** It was found by its usual name rather than named by somebody: what is no prompt is passed over. */
  readonly found?: boolean;
}

/** Prompts of a file, or of several, and what was noticed about the files. */
export interface ReadPrompts {
  readonly prompts: readonly Prompt[];
  readonly findings: readonly Finding[];
}

/** Reads prompts of trees. Formats are loaded once. */
export interface PromptFiles {
  readonly read: (tree: FileTree, path: string, options?: ReadOptions) => Promise<ReadPrompts>;
  /** Definitions of tools in a file of their own: a list, or a request that has them. */
  readonly tools: (tree: FileTree, path: string) => Promise<ReadTools>;
}

/** Loads every format. */
export async function openPromptFiles(): Promise<PromptFiles> {
  const formats = await loadFormats();
  return {
    read: (tree, path, options = {}) => readPromptFile(formats, tree, path, options),
    tools: readToolsFile,
  };
}

/** Reads every prompt of some files of a tree, in the order of the paths. A file that cannot be read is an error finding. */
export async function readPromptFiles(
  tree: FileTree,
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<ReadPrompts> {
  const { read } = await openPromptFiles();
  const files = await Promise.all(paths.map((path) => read(tree, path, options)));
  return {
    prompts: files.flatMap(({ prompts }) => prompts),
    findings: files.flatMap(({ findings }) => findings),
  };
}

async function readPromptFile(
  formats: readonly PromptFormat[],
  tree: FileTree,
  path: string,
  { engine, role, found = false }: ReadOptions,
): Promise<ReadPrompts> {
  const file = await readTreeText(tree, path);
  if (file.kind === 'missing') return { prompts: [], findings: [file.finding] };
  const answer = findFormat(formats, path, file.text);
  const asText = answer.kind === 'unknown' && engine !== undefined;
  const format = asText ? formats.find(({ id }) => id === 'text') : formatOf(answer);
  if (format === undefined)
    return {
      prompts: [],
      findings:
        answer.kind === 'format' || (found && answer.kind === 'unknown') ? [] : [answer.finding],
    };
  const includes = openIncludes(tree, path);
  const { prompts, findings } = await format.read(file.text, {
    path,
    tree,
    include: includes.include,
    ...(engine === undefined ? {} : { engine }),
    ...(role === undefined ? {} : { role }),
  });
  const asked = includes.paths();
  const ofFile = [...file.findings, ...(asText ? brokenValues(path, file.text) : [])];
  return {
    prompts: prompts.map((prompt) => ({
      ...prompt,
      inputs: [...new Set([...prompt.inputs, ...asked])].toSorted(),
      findings: [...ofFile, ...prompt.findings],
    })),
    findings: prompts.length > 0 ? findings : [...ofFile, ...findings],
  };
}

/** A request cut short is no format's and so read as text, as a template is that becomes JSON once it is filled in. */
function brokenValues(path: string, text: string): readonly Finding[] {
  const language = languageOf(path);
  const read = language === undefined ? undefined : readStructured(language, text, path);
  return read?.kind === 'broken'
    ? [
        {
          ...read.finding,
          level: 'notice',
          message: `${read.finding.message}, so it is counted as text`,
        },
      ]
    : [];
}

const formatOf = (answer: ReturnType<typeof findFormat>): PromptFormat | undefined =>
  answer.kind === 'format' ? answer.format : undefined;

async function readToolsFile(tree: FileTree, path: string): Promise<ReadTools> {
  const file = await readTreeText(tree, path);
  if (file.kind === 'missing') return { tools: [], findings: [file.finding] };
  const read = readStructured(languageOf(path) ?? 'json', file.text, path);
  if (read.kind === 'broken') return { tools: [], findings: [...file.findings, read.finding] };
  const { tools, findings } = readTools(at(read.value, 'tools') ?? read.value, path);
  return { tools, findings: [...file.findings, ...findings] };
}

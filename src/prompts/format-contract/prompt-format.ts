import type { FileTree } from '../file-tree.ts';
import type { Finding } from '../finding.ts';
import type { Prompt } from '../prompt.ts';

/** What a format is given beside the text: what the config says for the file, and the tree for includes. */
export interface FormatContext {
  readonly path: string;
  /**
   * Reads text of another file of the same tree, relative to `from` (this file when absent); absent and unreadable
   * ones come as a finding. What was asked for belongs to the `inputs` of the prompts that used it.
   */
  readonly include: (relative: string, from?: string) => Promise<Included>;
  /** For what is no text: images, globs of other files. */
  readonly tree: FileTree;
  /** `engine:` of the config, for plain text and for formats that leave it open. */
  readonly engine?: Engine;
  /** `role:` of the config, for plain text; `user` when absent. */
  readonly role?: string;
}

/** Text of a file of the tree, decoded. */
export type Included =
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly text: string;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'missing'; readonly finding: Finding };

/** Template languages. `none` renders text as it stands. */
export const ENGINES = ['none', 'fstring', 'mustache', 'handlebars', 'jinja'] as const;
/** One of ENGINES. */
export type Engine = (typeof ENGINES)[number];

/** One format of prompt files: pure but for the files of the tree that it asks for. */
export interface PromptFormat {
  /** As `--format`-like lists, config and findings name it: `dotprompt`, `openai-chat`. */
  readonly id: string;
  /** A few words for people. */
  readonly name: string;
  /**
   * How surely this format wrote the file, from its path and text: 'certain' (its own extension or an unmistakable key),
   * 'likely' (its shape), or 'no'. The surest wins; two that are equally sure are an error that names both.
   */
  readonly recognizes: (path: string, text: string) => 'certain' | 'likely' | 'no';
  /** Names of keys that its files have at the top, for a hint where no format recognizes a file. */
  readonly keys?: readonly string[];
  /** Reads every prompt of a file. A file that cannot be read is an error finding, never an exception. */
  readonly read: (
    text: string,
    context: FormatContext,
  ) => Promise<{ readonly prompts: readonly Prompt[]; readonly findings: readonly Finding[] }>;
}

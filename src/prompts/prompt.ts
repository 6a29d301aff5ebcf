import type { Finding } from './finding.ts';
import type { ToolDefinition } from './counting/token-count.ts';
import type { Piece } from './rendering/output.ts';
import type { Values } from './rendering/values.ts';

/** An image of a message: where its size is read from. Never fetched. */
export type ImageSource =
  /** A `data:` URL; only its header is decoded. */
  | { readonly kind: 'data'; readonly url: string }
  /** A file of the tree, by its path. */
  | { readonly kind: 'file'; readonly path: string }
  /** Somewhere else: its size has to be declared or assumed. */
  | { readonly kind: 'remote'; readonly url: string };

/** One part of a message's content, in its order. */
export type Content =
  | { readonly kind: 'text'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'image';
      readonly source: ImageSource;
      readonly detail?: string;
      /** It may be another one in every call: a variable says which. */
      readonly varies?: boolean;
    }
  /** Content that is not in the repository: a stand-in for history, a file, audio. `what` says so in a few words. */
  | { readonly kind: 'unresolved'; readonly what: string };

/** A message as it is sent. */
export interface Message {
  readonly role: string;
  readonly name?: string;
  /** Told by example rather than by instruction: counted apart. */
  readonly example: boolean;
  readonly content: readonly Content[];
  /** The provider is asked to cache the request up to the end of this message (Anthropic `cache_control`), with its time to live. */
  readonly cacheBreakpoint?: { readonly ttl?: string };
}

/** A prompt with its variables filled in. */
export interface RenderedPrompt {
  readonly messages: readonly Message[];
  /** Undefined variables, caps that were hit, calls that rendering does not make. */
  readonly findings: readonly Finding[];
}

/** Values that a prompt file gives itself: a default, a test case, an example. */
export interface Sample {
  /** Its name or number in the file. */
  readonly name: string;
  readonly values: Values;
}

/** A prompt as its file says it, before variables are filled in. */
export interface Prompt {
  /** The name the file gives it; absent where the path is its only name. */
  readonly name?: string;
  /** Path in the tree, and the line the prompt begins at. */
  readonly path: string;
  readonly line: number;
  /** Id of the format that read it. */
  readonly format: string;
  /** As the file says; a name such as `openai/gpt-4o-mini` is taken apart. */
  readonly provider?: string;
  readonly model?: string;
  /** Names of the variables it mentions, sorted. */
  readonly variables: readonly string[];
  /** What the file gives for variables that nothing else gives a value; later ones do not go over it. */
  readonly defaults: Values;
  readonly samples: readonly Sample[];
  readonly tools: readonly ToolDefinition[];
  /** `auto`, `none`, `required` or the name of a tool, where the file says. */
  readonly toolChoice?: string;
  /** JSON Schema that the answer has to follow. */
  readonly outputSchema?: unknown;
  /** Most tokens of an answer, where the file says. */
  readonly maxOutputTokens?: number;
  readonly reasoningEffort?: string;
  /** Every file of the tree that decides this prompt: itself, includes, tools, samples, images. Sorted. */
  readonly inputs: readonly string[];
  /** What was noticed while the file was read. */
  readonly findings: readonly Finding[];
  /** Fills in variables. Pure; never throws for what a template says: that is a finding. */
  readonly render: (values: Values) => RenderedPrompt;
}

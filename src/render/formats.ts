import type { Answer } from '../reports/answer.ts';

/** What the surface can show. Only `table` looks at more than `unicode`. */
export interface RenderOptions {
  /** Width of the screen in character cells. */
  readonly columns: number;
  readonly color: boolean;
  /** Draws bars beside shares where there is room. */
  readonly bars: boolean;
  /** False keeps our own marks to ASCII; text from logs is shown as it is. */
  readonly unicode: boolean;
}

/** Turns an answer into text that ends in a newline. Pure. */
export type Render = (answer: Answer, options: RenderOptions) => string;

/** Names that `--format` takes, the default first. */
export const FORMAT_NAMES = ['table', 'json', 'csv', 'md'] as const;
/** One of FORMAT_NAMES. */
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Loads one renderer and nothing of the others: cli-table3 and chalk only come with `table`. */
export async function loadRenderer(format: FormatName): Promise<Render> {
  switch (format) {
    case 'table':
      return (await import('./terminal.ts')).renderTerminal;
    case 'json':
      return (await import('./json.ts')).renderJson;
    case 'csv':
      return (await import('./csv.ts')).renderCsv;
    case 'md':
      return (await import('./markdown.ts')).renderMarkdown;
  }
}

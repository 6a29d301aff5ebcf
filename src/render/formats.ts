import type { Render } from './render.ts';

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

import type { Answer } from './answer.ts';

/** The usage formats that can be read. */
export const formatsReport = (
  formats: readonly {
    readonly id: string;
    readonly title: string;
    readonly source: { readonly url: string; readonly checked: string };
  }[],
): Answer => ({
  schema: 'aicost.formats/1',
  headline: 'Formats that aicost ingest finds by itself:',
  facts: {},
  tables: [
    {
      name: 'rows',
      columns: [
        { key: 'format', title: 'Format', yields: 0 },
        { key: 'title', title: 'What it is', yields: 0, wraps: true },
        { key: 'source', title: 'Documented at', yields: 5 },
        { key: 'checked', title: 'Checked', yields: 4 },
      ],
      rows: formats.map(({ id, title, source }) =>
        [id, title, source.url, source.checked].map((value) => ({ kind: 'text', value }) as const),
      ),
    },
  ],
  notes: [],
});

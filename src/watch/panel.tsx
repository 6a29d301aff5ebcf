import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { fitted, type Line, lineWidth, piece, type Piece, type Tone } from './lines.ts';

/** How tones look; nothing at all where colours are off. */
const STYLES: Readonly<Record<Tone, object>> = {
  plain: {},
  strong: { bold: true },
  faint: { dimColor: true },
  warning: { color: 'yellow' },
  good: { color: 'green' },
  chosen: { inverse: true },
};

/** Lines of the screen, one below the other. */
export const Lines = ({
  lines,
  color,
}: {
  readonly lines: readonly Line[];
  readonly color: boolean;
}): ReactNode => (
  <Box flexDirection="column">
    {lines.map((line, row) => (
      <Text key={row} wrap="truncate">
        {merged(line, color).map(({ text, tone }, index) =>
          tone !== 'plain' ? (
            <Text key={index} {...STYLES[tone]}>
              {text}
            </Text>
          ) : (
            text
          ),
        )}
      </Text>
    ))}
  </Box>
);

/** Pieces that look alike as one: every piece is a node that Ink lays out. */
function merged(line: Line, color: boolean): Line {
  const pieces: Piece[] = [];
  for (const { text, tone } of line) {
    const shown = color ? tone : 'plain';
    const last = pieces.at(-1);
    if (last?.tone === shown) pieces[pieces.length - 1] = piece(last.text + text, shown);
    else pieces.push(piece(text, shown));
  }
  return pieces;
}

/** Lines in a frame with a title, exactly so large; what does not fit is cut at its end. */
export function framed(
  title: string,
  lines: readonly Line[],
  {
    width,
    height,
    active,
  }: { readonly width: number; readonly height: number; readonly active: boolean },
): readonly Line[] {
  const inner = width - 2;
  const tone: Tone = active ? 'strong' : 'faint';
  const head = fitted(
    [piece(` ${title} `, active ? 'strong' : 'plain')],
    Math.min(inner - 2, lineWidth([piece(title)]) + 2),
  );
  const rule = '─'.repeat(Math.max(0, inner - 1 - lineWidth(head)));
  const body = Array.from({ length: Math.max(0, height - 2) }, (_, row): Line => [
    piece('│', tone),
    ...fitted(lines[row] ?? [], inner),
    piece('│', tone),
  ]);
  return [
    [piece('╭─', tone), ...head, piece(`${rule}╮`, tone)],
    ...body,
    [piece(`╰${'─'.repeat(inner)}╯`, tone)],
  ];
}

import { renderToString } from 'ink';
import type { Area } from './areas.ts';
import { Screen, type ScreenProps } from './screen.tsx';

/** One frame as text, `size.height` lines of at most `size.width` columns. */
export const frameText = (
  { state, color, ledger }: Omit<ScreenProps, 'size'>,
  size: Area,
): string =>
  `${renderToString(<Screen state={state} size={size} color={color} ledger={ledger} />, { columns: size.width })}\n`;
